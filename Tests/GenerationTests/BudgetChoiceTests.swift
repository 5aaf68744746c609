@testable import SpeculativeDecoding
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Generation
@testable import Transformer

/// What a shape promises, from costs and surveys that are given.
@Suite struct BudgetChoiceTests {
  /// A token costs the target 10 ms, and each more 1 ms; the draft 2 ms a level, whatever its nodes.
  private static let costs = PassCosts(
    target: [.init(newTokens: 1, milliseconds: 10), .init(newTokens: 11, milliseconds: 20)],
    draft: [.init(newTokens: 1, milliseconds: 2), .init(newTokens: 8, milliseconds: 2)], seconds: 0)

  private static func survey(
    _ rule: (Int, Int) -> DecodingMethod, own: Double, tokensPerRound: [Double], standardError: Double = 0
  ) -> BudgetChoice.Survey {
    // Chains of one and two drafted tokens: passes of 2 + 11 and 4 + 12 ms.
    let estimates = [1, 2].map { depth in
      AcceptanceSurvey<Float>.Estimate(
        method: rule(1, depth), tokensPerRound: tokensPerRound[depth - 1], standardError: standardError,
        evaluated: Array(repeating: 1, count: depth))
    }
    return .init(largest: rule(1, 2), rounds: 4, seconds: 4 * (16 + own) / 1000, estimates: estimates)
  }

  /// The decoder's own time is counted for each token, that of plain decoding too: the least of what any rule showed.
  @Test func theDecodersOwnTimeIsEverybodys() throws {
    let surveys = [
      Self.survey({ .rsdS(width: $0, depth: $1) }, own: 3, tokensPerRound: [1.5, 1.8]),
      Self.survey({ .specTr(width: $0, depth: $1) }, own: 6, tokensPerRound: [1.5, 1.8]),
    ]
    let candidates = BudgetChoice.candidates(of: surveys, Self.costs)
    let milliseconds = Dictionary(uniqueKeysWithValues: candidates.map { ($0.method, $0.milliseconds) })
    let expected: [DecodingMethod: Double] = [
      .autoregressive: 11, .rsdS(width: 1, depth: 1): 15, .rsdS(width: 1, depth: 2): 19,
      .specTr(width: 1, depth: 1): 17, .specTr(width: 1, depth: 2): 22,
    ]
    #expect(milliseconds.keys == expected.keys)
    for (method, time) in expected { #expect(abs((milliseconds[method] ?? 0) - time) < 1e-9, "\(method)") }
    // 1.5 tokens in 15 ms are 100 a second, 1.8 in 19 are 95, 1 in 11 91, 1.5 in 17 88, and 1.8 in 22 82.
    #expect(
      candidates.map(\.method) == [
        .rsdS(width: 1, depth: 1), .rsdS(width: 1, depth: 2), .autoregressive, .specTr(width: 1, depth: 1),
        .specTr(width: 1, depth: 2),
      ])
  }

  /// A round that took less than its passes' least says that the decoder's own time is small, and not that it is negative.
  @Test func noTimeIsBelowThatOfThePasses() {
    let candidates = BudgetChoice.candidates(
      of: [Self.survey({ .rsdS(width: $0, depth: $1) }, own: -5, tokensPerRound: [1.2, 1.3])], Self.costs)
    #expect(candidates.map(\.milliseconds) == [10, 13, 16])
  }

  @Test func aStandardErrorIsTakenOff() {
    let candidates = BudgetChoice.candidates(
      of: [Self.survey({ .rsdS(width: $0, depth: $1) }, own: 0, tokensPerRound: [1.75, 1.125], standardError: 0.25)],
      Self.costs)
    #expect(candidates.map(\.tokensPerRound) == [1.5, 1, 1])
    #expect(candidates.map(\.method) == [.rsdS(width: 1, depth: 1), .autoregressive, .rsdS(width: 1, depth: 2)])
  }

  /// A tree that is named is surveyed to the end: what it promises depends on no clock.
  @Test func onlyAnUnnamedTreesSurveyHasALimit() throws {
    var random = RandomCheckpoints(seed: 61)
    let pair = try TransformerPair(
      target: random.model(.llama(.tiny())), draft: .transformer(random.model(.llama(.tiny()))), profile: .plain)
    let rounds = try [nil, 12].map {
      try BudgetChoice(
        for: pair, rules: [.rsdS], prompt: [1], seed: 3, surveying: $0, seconds: 0
      ).rounds
    }
    #expect(rounds == [6, 32])
  }

  @Test func withoutASurveyThereIsPlainDecoding() {
    #expect(
      BudgetChoice.candidates(of: [], Self.costs)
        == [.init(method: .autoregressive, tokensPerRound: 1, milliseconds: 10)])
  }
}
