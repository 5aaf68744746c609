import SpeculativeDecoding
import ToyModels

/// One case of a certificate: the instance, its counts, and what follows from them.
public struct CaseRecord: FlatRecord {
  /// The instance.
  public var base: InstanceRecord
  /// Its counts, and what follows from them.
  public var own: CaseResult

  /// Both parts.
  public init(base: InstanceRecord, own: CaseResult) { (self.base, self.own) = (base, own) }
}

/// Counts of a case, and what follows from them.
public struct CaseResult: Hashable, Sendable, Codable {
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
  /// Pearson's X² over the planned cells.
  public var statistic: Double
  /// Cells less one.
  public var degreesOfFreedom: Int
  /// The probability of such an X² or a larger one from a correct decoder.
  public var pValue: Double
  /// Decodings that emitted a sequence of probability 0: one is a failure.
  public var impossible: Int
  /// The probability that a decoder wrong by the budget's effect fails this case.
  public var power: Double
  /// The verdict.
  public var verdict: CaseVerdict
}

extension CaseRecord {
  /// The method that the record names.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` for an unknown rule or a shape that it does not have.
  public func method() throws(CertificationError) -> DecodingMethod { try base.instance().method }
}
