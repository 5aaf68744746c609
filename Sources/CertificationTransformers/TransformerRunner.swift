import Certification
import Checkpoints
import Probability
import SpeculativeDecoding
import Transformer

/// Samples cases over a transformer and its draft on a number of threads; counts depend on the seed and the case alone.
///
/// Decodings below the case's ``TransformerCase/evaluated`` pass through both models, in trees and caches, and each of
/// their laws is held against its text's. The others look their laws up; the decoder is the same.
package struct TransformerRunner: Sendable {
  /// The model whose law is certified.
  package let target: TransformerModel
  /// The model that proposes.
  package let draft: DraftModel
  /// The seed, the threads, and who is asked and told.
  package let options: ShardedRun.Options
  /// A fault of sampling: a control's hook.
  package var fault = Fault.none

  /// A runner over two models of one vocabulary.
  package init(target: TransformerModel, draft: DraftModel, _ options: ShardedRun.Options) {
    (self.target, self.draft) = (target, draft)
    self.options = options
  }

  /// The decodings of a case in parts, in order.
  ///
  /// Those that are evaluated are forward passes, of seconds each over a large model: few a shard, so that the threads share
  /// them out evenly and somebody hears how far they are. The others look their laws up, thousands a second.
  struct Shards: Sendable {
    let samples: Int
    /// Decodings that are evaluated; they come first.
    let border: Int
    /// Of the evaluated, and of the others.
    let sizes: (evaluated: Int, others: Int)

    init(samples: Int, evaluated: Int, parameters: Int) {
      self.samples = samples
      border = min(evaluated, samples)
      sizes = (max(1, min(256, Self.parametersAShard / max(parameters, 1))), 256)
    }

    /// Parameters read by the passes of a shard, in the order of a tenth of a second's.
    private static let parametersAShard = 250_000_000

    private var evaluatedCount: Int { (border + sizes.evaluated - 1) / sizes.evaluated }

    var count: Int { evaluatedCount + (samples - border + sizes.others - 1) / sizes.others }

    subscript(shard: Int) -> Range<Int> {
      if shard < evaluatedCount {
        let first = shard * sizes.evaluated
        return first..<min(first + sizes.evaluated, border)
      }
      let first = border + (shard - evaluatedCount) * sizes.others
      return first..<min(first + sizes.others, samples)
    }
  }

  /// Runs a case; `nil` where it was interrupted before its end.
  ///
  /// - Throws: ``CertificationError`` where it cannot be decoded.
  package func run(
    _ testCase: TransformerCase, _ budget: ErrorBudget
  ) async throws(CertificationError) -> TransformerRecord? {
    let memory = Memory()
    let shards = Shards(
      samples: testCase.samples, evaluated: testCase.texts == nil ? testCase.samples : testCase.evaluated ?? 0,
      parameters: target.configuration.parameterCount)
    let queue = ShardQueue(shards: shards.count)
    let parts = try await Workers.parts(min(options.threads, shards.count)) { () throws(CertificationError) in
      try work(through: queue, shards, testCase, memory)
    }
    guard let counts = CaseCounts.merged(parts) else { return nil }
    return try TransformerRecord(
      testCase, budget, counts: counts, forwardPasses: memory.target.count,
      inconsistent: testCase.texts.map { _ in memory.targetTexts.count + memory.draftTexts.count })
  }

  /// The memory that the threads of a case share.
  private struct Memory: Sendable {
    let target = LawMemory<Float>()
    let draft = LawMemory<Float>()
    let targetTexts = Inconsistencies()
    let draftTexts = Inconsistencies()
  }

  private func work(
    through queue: ShardQueue, _ shards: Shards, _ testCase: TransformerCase, _ memory: Memory
  ) throws(CertificationError) -> CaseCounts? {
    var work = Work(queue: queue, shards: shards)
    do throws(SpeculativeDecodingError) {
      try sample(testCase, &work, memory)
      return work.counts
    } catch {
      queue.close()
      if case .interrupted = error { return nil }
      throw .decoding(place: "case \(testCase.id)", error)
    }
  }

  /// One thread's decodings to make, and its counts.
  private struct Work {
    let queue: ShardQueue
    let shards: Shards
    /// The decodings to make next; `nil` once all shards are taken.
    private(set) var next: Range<Int>?
    var counts = CaseCounts()

    init(queue: ShardQueue, shards: Shards) {
      (self.queue, self.shards) = (queue, shards)
      take()
    }

    mutating func take() { next = queue.next().map { shards[$0] } }
  }

  private func sample(
    _ testCase: TransformerCase, _ work: inout Work, _ memory: Memory
  ) throws(SpeculativeDecodingError) {
    let (target, draft) = (
      ProfiledModel(target, profile: testCase.profile), ProfiledModel(draft, profile: testCase.profile)
    )
    guard let texts = testCase.texts, let evaluated = testCase.evaluated else {
      let decoder = try Decoder(
        target: RememberingModel(base: target, memory: memory.target),
        draft: RememberingModel(base: draft, memory: memory.draft), method: testCase.method)
      return try sample(decoder, testCase, prompt: testCase.prompt, below: .max, &work)
    }
    let compared = (
      ComparedModel(base: target, laws: texts, role: .target, inconsistencies: memory.targetTexts),
      ComparedModel(base: draft, laws: texts, role: .draft, inconsistencies: memory.draftTexts)
    )
    try sample(
      try Decoder(
        target: RememberingModel(base: compared.0, memory: memory.target),
        draft: RememberingModel(base: compared.1, memory: memory.draft), method: testCase.method),
      testCase, prompt: testCase.prompt, below: evaluated, &work)
    let counts = work.counts
    work.counts = CaseCounts()
    try sample(
      try Decoder(
        target: TextModel(laws: texts, role: .target), draft: TextModel(laws: texts, role: .draft),
        method: testCase.method),
      testCase, prompt: [], below: .max, &work)
    work.counts.rename { texts.tokens[$0] }
    work.counts.merge(counts)
  }

  /// Decodes shard after shard in one session, so that its contexts keep the prompt, until one begins at `border`.
  @inline(__always)
  private func sample<Target: LanguageModel, Draft: LanguageModel>(
    _ decoder: Decoder<Target, Draft>, _ testCase: TransformerCase, prompt: [Token], below border: Int,
    _ work: inout Work
  ) throws(SpeculativeDecodingError) where Target.Scalar == Float, Draft.Scalar == Float {
    var session = decoder.makeSession()
    while let replicates = work.next, replicates.lowerBound < border {
      if options.isInterrupted() { throw .interrupted }
      work.counts.merge(try sample(decoder, testCase, prompt: prompt, replicates, in: &session))
      let decoded = work.queue.finish(replicates.count)
      options.progress(
        ShardedRun.Progress(
          finishedCases: 0, cases: 1, finishedRounds: decoded, rounds: testCase.samples, current: testCase.id))
      work.take()
    }
  }

  @inline(__always)
  private func sample<Target: LanguageModel, Draft: LanguageModel>(
    _ decoder: Decoder<Target, Draft>, _ testCase: TransformerCase, prompt: [Token], _ replicates: Range<Int>,
    in session: inout Decoder<Target, Draft>.Session
  ) throws(SpeculativeDecodingError) -> CaseCounts where Target.Scalar == Float, Draft.Scalar == Float {
    let key = SIMD2(options.seed, testCase.streamWord)
    if fault == .none {
      return try CaseSampler.counts(
        decoder, prompt: prompt, length: testCase.length, replicates: replicates, key: key, in: &session,
        steps: { _ in StandardSteps<Float>() }, choices: { RandomChoices<Float, Philox4x64>($0) })
    }
    let fault = fault
    return try CaseSampler.counts(
      decoder, prompt: prompt, length: testCase.length, replicates: replicates, key: key, in: &session,
      steps: { _ in FaultySteps<Float>(fault) },
      choices: { FaultyChoices(RandomChoices<Float, Philox4x64>($0), fault: fault) })
  }
}
