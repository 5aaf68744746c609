import Probability
import SpeculativeDecoding
import Transformer

/// Samples cases over two transformers on a number of threads; counts depend on the seed and the case alone.
public struct TransformerRunner: Sendable {
  private typealias Model = RememberingModel<ProfiledModel<TransformerModel>>

  /// The model whose law is certified.
  public let target: TransformerModel
  /// The model that proposes.
  public let draft: TransformerModel
  /// The seed, the threads, and who is told; `finished` is not used.
  public let options: SuiteRunner.Options
  /// A fault of sampling: a control's hook.
  public var fault = Fault.none

  /// A runner over two models of one vocabulary.
  public init(target: TransformerModel, draft: TransformerModel, _ options: SuiteRunner.Options) {
    (self.target, self.draft) = (target, draft)
    self.options = options
  }

  /// Decodings a shard: small enough that Ctrl-C is answered soon where each is a forward pass.
  private static let shardSize = 256

  /// Runs a case; `nil` where it was interrupted before its end.
  ///
  /// - Throws: ``CertificationError`` where it cannot be decoded.
  public func run(
    _ testCase: TransformerCase, _ budget: ErrorBudget
  ) async throws(CertificationError) -> TransformerRecord? {
    let memories = (target: LawMemory<Float>(), draft: LawMemory<Float>())
    let shards = (testCase.samples + Self.shardSize - 1) / Self.shardSize
    let queue = ShardQueue(shards: shards)
    let counts = try await CaseCounts.merged(fromWorkers: min(options.threads, shards)) {
      work(through: queue, testCase, memories.target, memories.draft)
    }
    guard let counts else { return nil }
    return try TransformerRecord(testCase, budget, counts: counts, forwardPasses: memories.target.count)
  }

  private func work(
    through queue: ShardQueue, _ testCase: TransformerCase, _ target: LawMemory<Float>, _ draft: LawMemory<Float>
  ) -> Result<CaseCounts?, CertificationError> {
    var counts = CaseCounts()
    do throws(SpeculativeDecodingError) {
      let decoder = try Decoder(
        target: RememberingModel(base: ProfiledModel(self.target, profile: testCase.profile), memory: target),
        draft: RememberingModel(base: ProfiledModel(self.draft, profile: testCase.profile), memory: draft),
        method: testCase.method)
      while let shard = queue.next() {
        if options.isInterrupted() { return .success(nil) }
        let first = shard * Self.shardSize
        counts.merge(
          try sample(decoder, testCase, replicates: first..<min(first + Self.shardSize, testCase.samples)))
        let decoded = queue.finish(min(Self.shardSize, testCase.samples - first))
        options.progress(
          SuiteRunner.Progress(
            finishedCases: 0, cases: 1, finishedRounds: decoded, rounds: testCase.samples, current: testCase.id))
      }
      return .success(counts)
    } catch {
      queue.close()
      return .failure(.decoding(place: "case \(testCase.id)", error))
    }
  }

  private func sample(
    _ decoder: Decoder<Model, Model>, _ testCase: TransformerCase, replicates: Range<Int>
  ) throws(SpeculativeDecodingError) -> CaseCounts {
    let key = SIMD2(options.seed, testCase.streamWord)
    if fault == .none {
      return try CaseSampler.counts(
        decoder, prompt: testCase.prompt, length: testCase.length, replicates: replicates, key: key,
        steps: { _ in StandardSteps<Float>() }, choices: { RandomChoices<Float, Philox4x64>($0) })
    }
    let fault = fault
    return try CaseSampler.counts(
      decoder, prompt: testCase.prompt, length: testCase.length, replicates: replicates, key: key,
      steps: { _ in FaultySteps<Float>(fault) },
      choices: { FaultyChoices(RandomChoices<Float, Philox4x64>($0), fault: fault) })
  }
}
