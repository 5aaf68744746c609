import Checkpoints
import SpeculativeDecoding

/// A transformer with its weights in memory: a model of the next token for the decoder.
///
///     let model = try TransformerModel(checkpoint, threads: 2)
///     let decoder = try Decoder(target: model, draft: draft, method: .rsdS(width: 3, depth: 4))
///
/// Logits are the same bits for any number of threads, any tree around a token, and any way of cutting a text into
/// calls; with ``Arithmetic/deterministic`` also on any machine.
///
/// The weights are packed once, tensor by tensor, from the checkpoint's mapped files; the embedding stays mapped. The
/// memory needed is the weights', the pages that are in use of the files, and the contexts'.
public struct TransformerModel: Sendable {
  /// The checkpoint's configuration.
  public let configuration: ModelConfiguration
  /// To what its matrices were rounded.
  public let precision: WeightPrecision
  /// How products are added to sums.
  public let arithmetic: Arithmetic
  /// Threads that a forward pass may use.
  public var threads: Int { engine.pool.threads }

  /// Asked before every layer of at most 64 tokens; once true, a forward pass ends with
  /// ``SpeculativeDecodingError/interrupted``.
  ///
  /// The context is then to be given a prompt again. Copies of the model, and what is built over it, ask the same.
  public var isInterrupted: @Sendable () -> Bool = { false }

  /// The fault of its contexts: a control's hook.
  package var contextFault = ContextFault.none

  let network: any Network
  let engine: Engine

  /// Packs a checkpoint's weights.
  ///
  /// - Parameters:
  ///   - threads: at least 1. More than the machine has cores makes nothing faster.
  ///   - precision: to what matrices are rounded.
  ///   - arithmetic: whether logits are the same bits on all machines, or as fast as this one can.
  ///   - progress: is told, matrix by matrix, how many weights of how many are packed.
  /// - Throws: ``CheckpointError`` for a tensor that is missing or of another shape, or has rows that are no whole
  ///   number of the precision's blocks, or for no threads.
  /// - Complexity: O(weights), each read once.
  public init(
    _ checkpoint: Checkpoint, threads: Int = 1, precision: WeightPrecision = .stored,
    arithmetic: Arithmetic = .deterministic, progress: @escaping (_ packed: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    guard threads >= 1 else { throw .noThreads(threads) }
    configuration = checkpoint.configuration
    self.precision = precision
    self.arithmetic = arithmetic
    engine = Engine(kernels: .kernels(arithmetic), pool: WorkPool(threads: threads))
    let all = configuration.expectedTensors.reduce(0) { $0 + ($1.shape.count == 2 ? $1.shape[0] * $1.shape[1] : 0) }
    var packed = 0
    let source = TensorSource(checkpoint: checkpoint, precision: precision, pool: engine.pool) { weights in
      packed += weights
      progress(packed, max(all, packed))
    }
    switch configuration {
    case .llama(let llama): network = try Llama(llama, from: source)
    case .opt(let opt): network = try OPT(opt, from: source)
    }
  }

  /// The matrices that a forward pass multiplies by, each once; the head is the last.
  package var matrices: [PackedMatrix] { network.matrices }

  /// Tokens in the vocabulary.
  public var vocabularySize: Int {
    switch configuration {
    case .llama(let llama): llama.vocabularySize
    case .opt(let opt): opt.vocabularySize
    }
  }

  /// The most tokens that a context may hold and still be continued.
  ///
  /// Positions are `0..<contextLimit`, so that the text may become one token longer than this.
  public var contextLimit: Int {
    switch configuration {
    case .llama(let llama): llama.contextLimit
    case .opt(let opt): opt.contextLimit
    }
  }

  /// The depth of the deepest tree that still fits behind a context of `tokens` tokens; below 0 where none does.
  ///
  /// At 0 the next token can still be had, by a tree of a root alone (autoregressive decoding).
  public func deepestTree(after tokens: Int) -> Int { contextLimit - tokens }
}
