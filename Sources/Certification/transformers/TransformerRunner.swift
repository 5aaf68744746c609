import Probability
import SpeculativeDecoding
import Transformer

/// Samples cases over a transformer and its draft on a number of threads; counts depend on the seed and the case alone.
///
/// Decodings below the case's ``TransformerCase/evaluated`` pass through both models, in trees and caches, and each of
/// their laws is held against its text's. The others look their laws up; the decoder is the same.
public struct TransformerRunner: Sendable {
  /// The model whose law is certified.
  public let target: TransformerModel
  /// The model that proposes.
  public let draft: DraftModel
  /// The seed, the threads, and who is told; `finished` is not used.
  public let options: SuiteRunner.Options
  /// A fault of sampling: a control's hook.
  public var fault = Fault.none

  /// A runner over two models of one vocabulary.
  public init(target: TransformerModel, draft: DraftModel, _ options: SuiteRunner.Options) {
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
    let memory = Memory()
    let shards = (testCase.samples + Self.shardSize - 1) / Self.shardSize
    let queue = ShardQueue(shards: shards)
    let counts = try await CaseCounts.merged(fromWorkers: min(options.threads, shards)) {
      work(through: queue, testCase, memory)
    }
    guard let counts else { return nil }
    return try TransformerRecord(
      testCase, budget, counts: counts, forwardPasses: memory.target.count,
      inconsistent: testCase.texts.map { _ in memory.targetTexts.count + memory.draftTexts.count })
  }

  /// What the threads of a case share.
  private struct Memory: Sendable {
    let target = LawMemory<Float>()
    let draft = LawMemory<Float>()
    let targetTexts = Inconsistencies()
    let draftTexts = Inconsistencies()
  }

  private func work(
    through queue: ShardQueue, _ testCase: TransformerCase, _ memory: Memory
  ) -> Result<CaseCounts?, CertificationError> {
    var counts = CaseCounts()
    do throws(SpeculativeDecodingError) {
      while let shard = queue.next() {
        if options.isInterrupted() { return .success(nil) }
        let first = shard * Self.shardSize
        let replicates = first..<min(first + Self.shardSize, testCase.samples)
        counts.merge(try sample(testCase, replicates, memory))
        let decoded = queue.finish(replicates.count)
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
    _ testCase: TransformerCase, _ replicates: Range<Int>, _ memory: Memory
  ) throws(SpeculativeDecodingError) -> CaseCounts {
    let (target, draft) = (
      ProfiledModel(target, profile: testCase.profile), ProfiledModel(draft, profile: testCase.profile)
    )
    guard let texts = testCase.texts, let evaluated = testCase.evaluated else {
      let decoder = try Decoder(
        target: RememberingModel(base: target, memory: memory.target),
        draft: RememberingModel(base: draft, memory: memory.draft), method: testCase.method)
      return try sample(decoder, testCase, prompt: testCase.prompt, replicates)
    }
    let border = min(max(evaluated, replicates.lowerBound), replicates.upperBound)
    var counts = CaseCounts()
    if replicates.lowerBound < border {
      let compared = (
        ComparedModel(base: target, laws: texts, role: .target, inconsistencies: memory.targetTexts),
        ComparedModel(base: draft, laws: texts, role: .draft, inconsistencies: memory.draftTexts)
      )
      let decoder = try Decoder(
        target: RememberingModel(base: compared.0, memory: memory.target),
        draft: RememberingModel(base: compared.1, memory: memory.draft), method: testCase.method)
      counts = try sample(decoder, testCase, prompt: testCase.prompt, replicates.lowerBound..<border)
    }
    if border < replicates.upperBound {
      let decoder = try Decoder(
        target: TextModel(laws: texts, role: .target), draft: TextModel(laws: texts, role: .draft),
        method: testCase.method)
      var others = try sample(decoder, testCase, prompt: [], border..<replicates.upperBound)
      others.rename { texts.tokens[$0] }
      counts.merge(others)
    }
    return counts
  }

  @inline(__always)
  private func sample<Target: LanguageModel, Draft: LanguageModel>(
    _ decoder: Decoder<Target, Draft>, _ testCase: TransformerCase, prompt: [Token], _ replicates: Range<Int>
  ) throws(SpeculativeDecodingError) -> CaseCounts where Target.Scalar == Float, Draft.Scalar == Float {
    let key = SIMD2(options.seed, testCase.streamWord)
    if fault == .none {
      return try CaseSampler.counts(
        decoder, prompt: prompt, length: testCase.length, replicates: replicates, key: key,
        steps: { _ in StandardSteps<Float>() }, choices: { RandomChoices<Float, Philox4x64>($0) })
    }
    let fault = fault
    return try CaseSampler.counts(
      decoder, prompt: prompt, length: testCase.length, replicates: replicates, key: key,
      steps: { _ in FaultySteps<Float>(fault) },
      choices: { FaultyChoices(RandomChoices<Float, Philox4x64>($0), fault: fault) })
  }
}
