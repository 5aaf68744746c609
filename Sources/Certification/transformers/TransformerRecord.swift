import Probability
import SpeculativeDecoding
import Statistics

/// What a case over two transformers found: the law, the counts, and what follows from them.
public struct TransformerRecord: Hashable, Sendable, Codable {
  /// "rule/shape/prompt/profile".
  public var id: String
  /// The rule's name in the port protocol.
  public var rule: String
  /// Branching factors (SpecInfer, RSD-C).
  public var branching: [Int]?
  /// Sequences or beam width (SpecTr, RSD-S).
  public var width: Int?
  /// Draft length (SD, SpecTr, RSD-S).
  public var depth: Int?
  /// The tokens decoded from.
  public var prompt: [Token]
  /// What shaped both laws.
  public var profile: ProfileRecord
  /// Tokens tested jointly.
  public var length: Int
  /// The target's law: the probability of each sequence; tokens joined by a space.
  public var law: [String: Double]
  /// Decodings.
  public var samples: Int
  /// How often each sequence was emitted; tokens joined by a space.
  public var counts: [String: Int]
  /// How many decodings' first round emitted 1, 2, … tokens, uncut.
  public var rounds: [String: Int]
  /// Target evaluations of all decodings.
  public var targetEvaluations: Int
  /// Tokens that those evaluations yielded, uncut.
  public var tokens: Int
  /// Forward passes of the target: histories that differ, for decodings that were told the same share them.
  public var forwardPasses: Int
  /// Decodings whose every round passed through both models; absent where all did.
  ///
  /// The others took the laws of their texts.
  public var evaluated: Int?
  /// Texts after which a round's law was not bit for bit that of the text as a plain sequence; absent with `evaluated`.
  public var inconsistent: Int?
  /// Pearson's X² over the planned cells.
  public var statistic: Double
  /// Cells less one.
  public var degreesOfFreedom: Int
  /// The probability of such an X² or a larger one from a correct decoder.
  public var pValue: Double
  /// The exact law of how many tokens the first round emits; absent where it takes too many branches.
  public var acceptance: [String: Double]?
  /// The p-value of ``rounds`` under it; absent with it.
  public var acceptancePValue: Double?
  /// Decodings that emitted a sequence of probability 0: one is a failure.
  public var impossible: Int
  /// The probability that a decoder wrong by the budget's effect fails this case.
  public var power: Double
  /// What follows.
  public var verdict: CaseVerdict

  /// Tokens a target evaluation; 0 before any.
  public var blockEfficiency: Double { targetEvaluations == 0 ? 0 : Double(tokens) / Double(targetEvaluations) }
}

/// The part of a certificate over two transformers.
public struct TransformerReport: Hashable, Sendable, Codable {
  /// The model whose law is certified.
  public var target: ModelFingerprint
  /// The model that proposes.
  public var draft: DraftFingerprint
  /// The cases, in order.
  public var cases: [TransformerRecord]

  /// A report.
  public init(target: ModelFingerprint, draft: DraftFingerprint, cases: [TransformerRecord]) {
    (self.target, self.draft, self.cases) = (target, draft, cases)
  }
}

extension TransformerRecord {
  /// The record of what was counted.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the counts cannot be tested.
  init(
    _ testCase: TransformerCase, _ budget: ErrorBudget, counts: CaseCounts, forwardPasses: Int, inconsistent: Int?
  ) throws(CertificationError) {
    let named = Dictionary(
      uniqueKeysWithValues: counts.sequences.map { ($0.key.map(String.init).joined(separator: " "), $0.value) })
    self.init(unfinished: testCase)
    self.counts = named
    self.forwardPasses = forwardPasses
    self.inconsistent = inconsistent
    rounds = Dictionary(uniqueKeysWithValues: counts.firstRounds.map { (String($0.key), $0.value) })
    targetEvaluations = counts.rounds
    tokens = counts.tokens
    samples = counts.samples
    do {
      let result = try testCase.plan.result(of: named)
      (statistic, degreesOfFreedom, pValue) = (result.statistic, result.degreesOfFreedom, result.pValue)
      impossible = result.impossible
      acceptancePValue = try testCase.acceptance?.pValue(of: rounds)
    } catch {
      throw .statistics(place: "case \(testCase.id)", error)
    }
    verdict = Self.verdict(
      impossible: impossible, inconsistent: inconsistent ?? 0, pValues: [pValue, acceptancePValue ?? 1],
      share: budget.nominalShare,
      isConclusive: testCase.isConclusive(within: budget))
  }

  /// What follows from the tests of a case.
  static func verdict(
    impossible: Int, inconsistent: Int, pValues: [Double], share: Double, isConclusive: Bool
  ) -> CaseVerdict {
    if impossible > 0 || inconsistent > 0 || pValues.contains(where: { $0 < share }) { return .fail }
    return isConclusive ? .pass : .inconclusive
  }

  /// The record of a case that was not decoded: nothing is concluded.
  public init(unfinished testCase: TransformerCase) {
    self.init(
      id: testCase.id, rule: testCase.method.rule.name, branching: testCase.method.shape.branchingParameter,
      width: testCase.method.shape.widthParameter, depth: testCase.method.shape.depthParameter, prompt: testCase.prompt,
      profile: ProfileRecord(testCase.profile), length: testCase.length, law: testCase.law.mapValues(\.approximation),
      samples: 0, counts: [:], rounds: [:], targetEvaluations: 0, tokens: 0, forwardPasses: 0,
      evaluated: testCase.evaluated, inconsistent: testCase.evaluated.map { _ in 0 }, statistic: 0, degreesOfFreedom: 0,
      pValue: 1, acceptance: testCase.acceptance?.law, acceptancePValue: nil,
      impossible: 0, power: testCase.power, verdict: .inconclusive)
  }
}
