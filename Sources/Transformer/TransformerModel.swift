import SpeculativeDecoding

/// A transformer with its weights in memory: a model of the next token for the decoder.
///
///     let model = try TransformerModel(checkpoint, threads: 2)
///     let decoder = try Decoder(target: model, draft: draft, method: .rsdS(width: 3, depth: 4))
///
/// Logits are deterministic: the same bits for any number of threads, any tree around a token, and any way of cutting
/// a text into calls. (They may differ in the last bits between C libraries, whose `exp` the softmax calls.)
///
/// The weights are packed once, tensor by tensor, from the checkpoint's mapped files; the embedding stays mapped. The
/// memory needed is the weights', the pages that are in use of the files, and the contexts'.
public struct TransformerModel: Sendable {
  /// What the checkpoint's configuration says.
  public let configuration: ModelConfiguration
  /// To what its matrices were rounded.
  public let precision: WeightPrecision
  /// Threads that a forward pass may use.
  public var threads: Int { engine.pool.threads }

  /// What is wrong with contexts: a control's hook.
  public var contextFault = ContextFault.none

  let network: any Network
  let engine: Engine

  /// Packs a checkpoint's weights.
  ///
  /// - Parameters:
  ///   - threads: at least 1. More than the machine has cores makes nothing faster.
  ///   - precision: to what matrices are rounded.
  /// - Throws: ``TransformerError`` for a tensor that is missing or of another shape, or has rows that are no whole
  ///   number of the precision's blocks, or for no threads.
  /// - Complexity: O(weights), each read once.
  public init(
    _ checkpoint: Checkpoint, threads: Int = 1, precision: WeightPrecision = .stored
  ) throws(TransformerError) {
    guard threads >= 1 else { throw .noThreads(threads) }
    configuration = checkpoint.configuration
    self.precision = precision
    engine = Engine(kernels: .deterministic, pool: WorkPool(threads: threads))
    let source = TensorSource(checkpoint: checkpoint, precision: precision)
    switch configuration {
    case .llama(let llama): network = try Llama(llama, from: source)
    case .opt(let opt): network = try OPT(opt, from: source)
    }
  }

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
