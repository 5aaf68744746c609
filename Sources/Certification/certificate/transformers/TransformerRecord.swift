import SpeculativeDecoding

/// One case over two transformers: the method, the law, the counts, and what follows from them.
package struct TransformerRecord: FlatRecord {
  /// The method.
  package var base: MethodRecord
  /// The law, the counts, and what follows from them.
  package var own: TransformerResult

  /// Both parts.
  package init(base: MethodRecord, own: TransformerResult) { (self.base, self.own) = (base, own) }
}

/// The law and the counts of a case over two transformers, and what follows from them.
package struct TransformerResult: Hashable, Sendable, Codable {
  /// "rule/shape/prompt/profile".
  package var id: String
  /// The tokens decoded from.
  package var prompt: [Token]
  /// The profile of both laws.
  package var profile: ProfileRecord
  /// Tokens tested jointly.
  package var length: Int
  /// The target's law: the probability of each sequence; tokens joined by a space.
  package var law: [String: Double]
  /// Decodings.
  package var samples: Int
  /// How often each sequence was emitted; tokens joined by a space.
  package var counts: [String: Int]
  /// How many decodings' first round emitted 1, 2, … tokens, uncut.
  package var rounds: [String: Int]
  /// Target evaluations of all decodings.
  package var targetEvaluations: Int
  /// Tokens that those evaluations yielded, uncut.
  package var tokens: Int
  /// Forward passes of the target: histories that differ, for decodings that were told the same share them.
  package var forwardPasses: Int
  /// Decodings whose every round passed through both models; absent where all did.
  ///
  /// The others took the laws of their texts.
  package var evaluated: Int?
  /// Texts after which a round's law was not bit for bit that of the text as a plain sequence; absent with `evaluated`.
  package var inconsistent: Int?
  /// Pearson's X² over the planned cells.
  package var statistic: Double
  /// Cells less one.
  package var degreesOfFreedom: Int
  /// The probability of such an X² or a larger one from a correct decoder.
  package var pValue: Double
  /// The exact law of how many tokens the first round emits; absent where it takes too many branches.
  package var acceptance: [String: Double]?
  /// The p-value of ``rounds`` under it; absent with it.
  package var acceptancePValue: Double?
  /// Decodings that emitted a sequence of probability 0: one is a failure.
  package var impossible: Int
  /// The probability that a decoder wrong by the budget's effect fails this case.
  package var power: Double
  /// The verdict.
  package var verdict: CaseVerdict

  /// Tokens a target evaluation; 0 before any.
  package var blockEfficiency: Double { targetEvaluations == 0 ? 0 : Double(tokens) / Double(targetEvaluations) }
}

/// The part of a certificate over two transformers.
package struct TransformerReport: Hashable, Sendable, Codable {
  /// The model whose law is certified.
  package var target: ModelFingerprint
  /// The model that proposes.
  package var draft: DraftFingerprint
  /// The cases, in order.
  package var cases: [TransformerRecord]

  /// A report.
  package init(target: ModelFingerprint, draft: DraftFingerprint, cases: [TransformerRecord]) {
    (self.target, self.draft, self.cases) = (target, draft, cases)
  }
}
