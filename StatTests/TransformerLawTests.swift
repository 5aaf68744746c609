@testable import CertificationTransformers
import Checkpoints
import EmbeddedModels
import Foundation
import Probability
import SpeculativeDecoding
import TestSupport
import Testing
import Transformer

@testable import Certification

/// The decoder over two transformers has the target's law, and contexts that are wrong are refused.
///
/// N is the plan's own: a decoder wrong by w = 0.03 passes once in a million at most; a correct one fails one of the two
/// tests of a case with the nominal share, 5e-8 each, for any seed. The controls are refused by the output's law, but for
/// the one that leaves it exact.
@Suite(.optimised) struct TransformerLawTests {
  static let budget = ErrorBudget(cases: 10)
  static let seed: UInt64 = 20_261_124

  static func model(_ name: String) throws -> TransformerModel {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try TransformerModel(Checkpoint.open(root.appending(path: "Fixtures/checkpoints/tiny/\(name)").path()))
  }

  /// Two models and what they decode from.
  struct Pair: Sendable {
    var target: TransformerModel
    var draft: DraftModel
    var prompt: [Token]

    /// The same with a fault in one of the contexts.
    func with(_ target: ContextFault, _ draft: ContextFault) -> Pair {
      var pair = self
      pair.target.contextFault = target
      if case .transformer(var model) = pair.draft {
        model.contextFault = draft
        pair.draft = .transformer(model)
      }
      return pair
    }
  }

  /// The embedded pair: its context has room for what a fault leaves in it.
  static let embedded = Pair(
    target: try! TransformerModel(EmbeddedModel.kingJamesTarget.checkpoint()),
    draft: .transformer(try! TransformerModel(EmbeddedModel.kingJamesDraft.checkpoint())),
    prompt: "the king of ".utf8.map(Int.init))

  /// Random weights; an OPT drafts for a Llama.
  static let random = Pair(
    target: try! model("llama-gqa-tied"), draft: .transformer(try! model("opt-125m-style")), prompt: [3, 14, 15, 9, 26])

  /// An OPT that drafts for itself: every draft is accepted, as long as both read the same positions.
  static let twins = Pair(
    target: try! model("opt-125m-style"), draft: .transformer(try! model("opt-125m-style")), prompt: [3, 14, 15, 9, 26])

  /// The embedded target and a draft that remembers the whole text; the prompt repeats itself.
  static let lookup = Pair(
    target: embedded.target, draft: .promptLookup(try! PromptLookup(vocabularySize: 256)),
    prompt: "the king of the kin".utf8.map(Int.init))

  /// Plans a case over a pair, and runs it over the same models with a fault in one of them or in the sampling.
  static func record(
    _ method: DecodingMethod, over pair: Pair, target: ContextFault = .none, draft: ContextFault = .none,
    fault: Fault = .none, temperature: Double = 1, threads: Int = 2, evaluated: Int? = nil
  ) async throws -> TransformerRecord {
    let testCase = try TransformerCase(
      method, over: pair.target, draft: pair.draft, prompt: pair.prompt, name: "prompt",
      profile: SamplingProfile(temperature: temperature, topK: 2), budget: budget, evaluated: evaluated)
    #expect(
      testCase.isConclusive(within: budget) == (evaluated.map { $0 >= budget.evaluatedDecodings } ?? true))
    #expect(testCase.acceptance != nil)
    let pair = pair.with(target, draft)
    var runner = TransformerRunner(
      target: pair.target, draft: pair.draft, ShardedRun.Options(seed: seed, threads: threads))
    runner.fault = fault
    return try #require(try await runner.run(testCase, budget))
  }

  @Test func theBeamHasTheTargetsLaw() async throws {
    try await Self.expectTheTargetsLaw(.rsdS(width: 2, depth: 2), over: Self.embedded, repeats: 10)
  }

  @Test(.long, arguments: Rule.all.map(\.standardMethod))
  func everyRuleHasTheTargetsLaw(method: DecodingMethod) async throws {
    for (pair, repeats) in [(Self.embedded, 10), (Self.random, 2), (Self.lookup, 10)] {
      try await Self.expectTheTargetsLaw(method, over: pair, repeats: repeats)
    }
  }

  private static func expectTheTargetsLaw(_ method: DecodingMethod, over pair: Pair, repeats: Int) async throws {
    let record = try await record(method, over: pair)
    #expect(record.verdict == .pass, "p = \(record.pValue), \(record.acceptancePValue ?? -1)")
    #expect(record.counts.values.reduce(0, +) == record.samples)
    // Rounds repeat: that is why a case takes seconds.
    #expect(record.forwardPasses < record.targetEvaluations / repeats)
  }

  @Test func countsDoNotDependOnThreads() async throws {
    let one = try await Self.record(.speculative(depth: 2), over: Self.random, threads: 1)
    #expect(try await Self.record(.speculative(depth: 2), over: Self.random, threads: 3) == one)
  }

  @Test(arguments: [DecodingMethod.speculative(depth: 2), .rsdS(width: 2, depth: 2)])
  func rejectedTokensInTheCacheAreRefused(method: DecodingMethod) async throws {
    try Self.expectRefusal(try await Self.record(method, over: Self.embedded, target: .rejectedStaysInCache))
  }

  /// At a temperature of 3 the sibling drawn second, which is the one that goes wrong, is accepted often.
  @Test(
    .long,
    arguments: [ContextFault.siblingsSeen, .siblingPositionsShifted, .positionsOneTooHigh],
    [DecodingMethod.rsdC(branching: [2, 2]), .rsdS(width: 2, depth: 2)])
  func wrongTreesAreRefused(fault: ContextFault, method: DecodingMethod) async throws {
    try Self.expectRefusal(try await Self.record(method, over: Self.embedded, target: fault, temperature: 3))
  }

  @Test func aRatioFromTheWrongRowIsRefused() async throws {
    let record = try await Self.record(.rsdS(width: 2, depth: 2), over: Self.embedded, fault: .ratioFromNextRow)
    try Self.expectRefusal(record)
  }

  static func expectRefusal(_ record: TransformerRecord) throws {
    #expect(record.verdict == .fail)
    #expect(record.pValue < budget.nominalShare || record.impossible > 0, "p = \(record.pValue)")
  }

  /// Exact and slower: the output cannot show it, the accepted lengths do.
  @Test func draftPositionsOneTooHighShowInTheAcceptedLengthsAlone() async throws {
    let record = try await Self.record(.speculative(depth: 2), over: Self.twins, draft: .positionsOneTooHigh)
    #expect(record.verdict == .fail)
    #expect(record.impossible == 0)
    #expect(record.pValue > Self.budget.nominalShare)
    #expect(try #require(record.acceptancePValue) < 1e-20)
  }

  // MARK: Few decodings in trees and caches, the others by the laws of their texts

  static let enough = budget.evaluatedDecodings

  @Test(.long, arguments: Rule.all.map(\.standardMethod))
  func everyRuleHasTheTargetsLawOverTexts(method: DecodingMethod) async throws {
    for pair in [Self.embedded, Self.random, Self.lookup] {
      let record = try await Self.record(method, over: pair, evaluated: Self.enough)
      #expect(record.verdict == .pass, "p = \(record.pValue), \(record.acceptancePValue ?? -1)")
      #expect(record.inconsistent == 0)
      // Looking laws up changes nothing but the cost: the same laws, from the same random numbers.
      let all = try await Self.record(method, over: pair)
      #expect(all.law == record.law && all.acceptance == record.acceptance)
      #expect(record.forwardPasses <= all.forwardPasses)
    }
  }

  /// Each fault is found by the comparison of laws, though only some hundred decodings come through it.
  @Test(arguments: [
    (ContextFault.rejectedStaysInCache, ContextFault.none), (.siblingsSeen, .none), (.siblingPositionsShifted, .none),
    (.positionsOneTooHigh, .none), (.none, .positionsOneTooHigh), (.none, .rejectedStaysInCache),
  ])
  func wrongContextsAreInconsistent(target: ContextFault, draft: ContextFault) async throws {
    let record = try await Self.record(
      .rsdC(branching: [2, 2]), over: Self.embedded, target: target, draft: draft, temperature: 3,
      evaluated: Self.enough)
    #expect(record.verdict == .fail)
    #expect(try #require(record.inconsistent) > 0)
  }

  @Test func countsOverTextsDoNotDependOnThreads() async throws {
    let one = try await Self.record(
      .rsdS(width: 2, depth: 2), over: Self.random, target: .siblingsSeen, threads: 1, evaluated: 300)
    let three = try await Self.record(
      .rsdS(width: 2, depth: 2), over: Self.random, target: .siblingsSeen, threads: 3, evaluated: 300)
    #expect(one == three)
  }

  @Test func tooFewDecodingsInTreesAreInconclusive() throws {
    for (evaluated, isEnough) in [(Self.enough - 1, false), (Self.enough, true), (0, false)] {
      let testCase = try TransformerCase(
        .speculative(depth: 1), over: Self.lookup.target, draft: Self.lookup.draft, prompt: Self.lookup.prompt,
        name: "prompt", profile: SamplingProfile(topK: 2), budget: Self.budget, evaluated: evaluated)
      #expect(testCase.isConclusive(within: Self.budget) == isEnough)
    }
    #expect(Self.enough == 454)
  }
}
