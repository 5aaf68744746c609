import SpeculativeDecoding
import ToyModels

/// What a run showed: the counts of every case, and the verdicts that follow from them.
///
/// Its JSON form is described by `Schemas/certificate.schema.json`. Anyone can compute the verdicts
/// again from the counts (``CertificateCheck``), or the counts from the seed.
public struct Certificate: Hashable, Sendable, Codable {
  /// Which suite was run, and which of its cases.
  public struct SuiteReference: Hashable, Sendable, Codable {
    /// Name and version, such as "rsd-suite/2".
    public var version: String
    /// "all", "quick", "wide", "custom", or the pattern that selected cases.
    public var selection: String

    /// A reference to a suite.
    public init(version: String, selection: String) {
      self.version = version
      self.selection = selection
    }
  }

  /// The suite.
  public var suite: SuiteReference
  /// The version of the package that ran it.
  public var package: String
  /// The suite's seed, a UInt64 as decimal text.
  public var seed: String
  /// The architecture and operating system; counts do not depend on them.
  public var machine: String
  /// Both error rates.
  public var errorBudget: ErrorBudget
  /// What was proved by enumeration; absent where nothing was.
  public var proofs: ProofReport?
  /// How far rounding moves a round's law; absent where it was not measured.
  public var rounding: [RoundingCertificate]?
  /// Tests of the covering witnesses, independence and replay; absent where none were made.
  public var observables: [ObservableRecord]?
  /// The known defects, each on the case that must refuse it; absent where none were run.
  public var killMatrix: [KillRecord]?
  /// The power of every case that declares a defect against every defect; absent where it was not computed.
  public var powerMatrix: PowerMatrix?
  /// Cases over two transformers; absent where none were run.
  public var transformers: TransformerReport?
  /// What a port of someone else's did; absent where this package's decoder was certified.
  public var port: PortReport?
  /// The cases, in the suite's order.
  public var cases: [CaseRecord]
  /// The verdict over everything above.
  public var verdict: RunVerdict
}

/// The verdict over all cases of a run.
public enum RunVerdict: String, Hashable, Sendable, Codable {
  /// Every case passed.
  case certified
  /// At least one case failed.
  case failed
  /// No case failed, and at least one was not decided.
  case inconclusive

  /// The verdict that follows from the cases'; without cases nothing was certified.
  public init(cases: [CaseVerdict]) {
    if cases.contains(.fail) {
      self = .failed
    } else {
      self = cases.isEmpty || cases.contains(.inconclusive) ? .inconclusive : .certified
    }
  }

  /// The verdict that follows from everything in a certificate: the worst of its parts'.
  public init(
    cases: [CaseVerdict], proofs: ProofReport?, rounding: [RoundingCertificate]?,
    observables: [ObservableRecord]? = nil, killMatrix: [KillRecord]? = nil, transformers: TransformerReport? = nil,
    port: PortReport? = nil
  ) {
    var parts = cases.isEmpty && (transformers != nil || port != nil) ? [] : [RunVerdict(cases: cases)]
    if let port { parts.append(port.verdict) }
    if let transformers { parts.append(RunVerdict(cases: transformers.cases.map(\.verdict))) }
    if let proofs { parts.append(proofs.verdict) }
    if let observables { parts.append(RunVerdict(cases: observables.map(\.verdict))) }
    // An empty list shows nothing.
    if let killMatrix { parts.append(RunVerdict(cases: killMatrix.map { $0.isAsItMust ? .pass : .fail })) }
    if let rounding { parts.append(RunVerdict(cases: rounding.map { $0.isWithinBound ? .pass : .fail })) }
    self = parts.contains(.failed) ? .failed : parts.contains(.inconclusive) ? .inconclusive : .certified
  }
}

/// The verdict on one case.
public enum CaseVerdict: String, Hashable, Sendable, Codable {
  /// The law is the target's, as far as the case's stated power reaches.
  case pass
  /// The law is not the target's, but for the stated false-fail rate.
  case fail
  /// Too few samples to say; never counted as a pass.
  case inconclusive
}

/// One case of a certificate.
public struct CaseRecord: Hashable, Sendable, Codable {
  /// "rule/shape/pair/profile".
  public var id: String
  /// The rule's name in the port protocol.
  public var rule: String
  /// Branching factors (SpecInfer, RSD-C).
  public var branching: [Int]?
  /// Sequences or beam width (SpecTr, RSD-S).
  public var width: Int?
  /// Draft length (SD, SpecTr, RSD-S).
  public var depth: Int?
  /// The target.
  public var target: ModelDocument
  /// The draft.
  public var draft: ModelDocument
  /// The tokens decoded from.
  public var prompt: [Token]
  /// What shaped both laws.
  public var profile: ProfileRecord
  /// The token after which a sequence stops; absent for none.
  public var endToken: Token?
  /// Tokens tested jointly.
  public var length: Int
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
  /// What follows.
  public var verdict: CaseVerdict
}

/// A sampling profile as the port protocol writes it.
public struct ProfileRecord: Hashable, Sendable, Codable {
  /// 1 for none, 0 for greedy.
  public var temperature: Double
  /// 0 for none.
  public var topK: Int
  /// 1 for none.
  public var topP: Double
  /// 0 for none.
  public var minP: Double

  /// The record of a profile.
  public init(_ profile: SamplingProfile) {
    temperature = profile.temperature
    topK = profile.topK
    topP = profile.topP
    minP = profile.minP
  }

  /// The profile.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidProfile(_:)`` outside its ranges.
  public func profile() throws(SpeculativeDecodingError) -> SamplingProfile {
    try SamplingProfile(temperature: temperature, topK: topK, topP: topP, minP: minP)
  }
}

extension CaseRecord {
  /// The method that the record names.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` for an unknown rule or a shape that it does not have.
  public func method() throws(CertificationError) -> DecodingMethod {
    guard let method = DecodingMethod(rule: rule, branching: branching, width: width, depth: depth) else {
      throw .certificate("case \(id): rule \"\(rule)\" with these shape parameters is unknown")
    }
    return method
  }
}
