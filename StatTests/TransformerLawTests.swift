import Foundation
import Probability
import SpeculativeDecoding
import Testing
import Transformer

@testable import Certification

/// The decoder over two transformers has the target's law, and contexts that are wrong are refused.
///
/// N is the plan's own: a decoder wrong by w = 0.03 passes once in a million at most; a correct one fails one of the two
/// tests of a case with the nominal share, 5e-8 each, for any seed. The controls are far from the limit: each is refused
/// with p-values below 1e-20.
@Suite struct TransformerLawTests {
  static let budget = ErrorBudget(cases: 10)
  static let seed: UInt64 = 20_261_124

  static func model(_ name: String) throws -> TransformerModel {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try TransformerModel(Checkpoint.open(root.appending(path: "Fixtures/checkpoints/tiny/\(name)").path()))
  }

  /// Random weights of three architectures over 61 tokens.
  static let target = try! model("llama-gqa-tied")
  static let draft = try! model("llama-rope-linear")

  static func record(
    _ method: DecodingMethod, target: TransformerModel = target, draft: TransformerModel = draft,
    fault: Fault = .none, threads: Int = 2
  ) async throws -> TransformerRecord {
    // Planned over the right models, run over those that are given.
    let testCase = try TransformerCase(
      method, over: Self.target, draft: Self.draft, prompt: [3, 14, 15, 9, 26], name: "digits",
      profile: SamplingProfile(topK: 2), budget: budget)
    #expect(testCase.isConclusive(within: budget))
    #expect(testCase.acceptance != nil)
    var runner = TransformerRunner(
      target: target, draft: draft, SuiteRunner.Options(seed: seed, threads: threads))
    runner.fault = fault
    return try #require(try await runner.run(testCase, budget))
  }

  @Test(arguments: [
    DecodingMethod.autoregressive, .speculative(depth: 2), .specInfer(branching: [2, 2]), .specTr(width: 2, depth: 2),
    .rsdC(branching: [2, 2]), .rsdS(width: 2, depth: 2),
  ])
  func everyRuleHasTheTargetsLaw(method: DecodingMethod) async throws {
    let record = try await Self.record(method)
    #expect(record.verdict == .pass, "p = \(record.pValue), \(record.acceptancePValue ?? -1)")
    #expect(record.counts.values.reduce(0, +) == record.samples)
    // Rounds repeat: that is why a case takes seconds.
    #expect(record.forwardPasses < record.targetEvaluations / 10)
  }

  @Test func architecturesMix() async throws {
    let opt = try Self.model("opt-125m-style")
    let record = try await Self.record(.rsdS(width: 2, depth: 2), draft: opt)
    // Another draft: other accepted lengths, and the same output.
    #expect(record.impossible == 0)
    #expect(record.pValue > Self.budget.nominalShare)
  }

  @Test func countsDoNotDependOnThreads() async throws {
    let one = try await Self.record(.speculative(depth: 2), threads: 1)
    #expect(try await Self.record(.speculative(depth: 2), threads: 3) == one)
  }

  @Test(arguments: [
    (ContextFault.rejectedStaysInCache, DecodingMethod.speculative(depth: 2)),
    (.rejectedStaysInCache, .rsdS(width: 2, depth: 2)),
    (.siblingsSeen, .rsdC(branching: [2, 2])), (.siblingsSeen, .rsdS(width: 2, depth: 2)),
    (.siblingPositionsShifted, .rsdC(branching: [2, 2])), (.siblingPositionsShifted, .rsdS(width: 2, depth: 2)),
    (.positionsOneTooHigh, .rsdS(width: 2, depth: 2)),
  ])
  func wrongContextsOfTheTargetAreRefused(fault: ContextFault, method: DecodingMethod) async throws {
    var target = Self.target
    target.contextFault = fault
    let record = try await Self.record(method, target: target)
    #expect(record.verdict == .fail)
    #expect(record.pValue < 1e-20 || record.impossible > 0)
  }

  @Test func aRatioFromTheWrongRowIsRefused() async throws {
    let record = try await Self.record(.rsdS(width: 2, depth: 2), fault: .ratioFromNextRow)
    #expect(record.verdict == .fail)
    #expect(record.pValue < 1e-20 || record.impossible > 0)
  }

  /// Exact and slower: the output cannot show it, the accepted lengths do.
  @Test func draftPositionsOneTooHighShowInTheAcceptedLengthsAlone() async throws {
    var draft = Self.draft
    draft.contextFault = .positionsOneTooHigh
    let record = try await Self.record(.speculative(depth: 2), draft: draft)
    #expect(record.verdict == .fail)
    #expect(record.impossible == 0)
    #expect(record.pValue > Self.budget.nominalShare)
    #expect(try #require(record.acceptancePValue) < 1e-20)
  }
}
