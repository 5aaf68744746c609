import SpeculativeDecoding
import ToyModels

/// Computes every verdict of a certificate again, from its counts alone or from its seed.
public struct CertificateCheck: Sendable {
  /// Something in a certificate that does not follow from its counts.
  public struct Disagreement: Hashable, Sendable, Codable {
    /// The case; empty where it concerns the whole.
    public var id: String
    /// The key.
    public var key: String
    /// What the certificate states.
    public var stated: String
    /// What follows from the counts.
    public var computed: String
  }

  /// The certificate under check.
  public let certificate: Certificate

  /// A check of one certificate.
  public init(_ certificate: Certificate) { self.certificate = certificate }

  /// All disagreements; none means that every verdict follows from the counts, and that what bears the name of a suite or
  /// corpus of this package is that.
  ///
  /// Another seed than the suite's is no disagreement: `--seed` and `--vary-seed` are there to be used.
  /// - Throws: ``CertificationError`` where a case is no case: an unknown rule, an invalid model, a count of a
  ///   sequence outside the vocabulary, more decodings than ``maximumSamples``.
  public func disagreements() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    var verdicts: [CaseVerdict] = []
    for record in certificate.cases {
      let recomputed = try recompute(record)
      verdicts.append(recomputed.verdict)
      found += Self.compare(record, recomputed) + Self.compareRounds(of: record, try record.method())
    }
    found += try compareIdentifiers() + compareSuite() + compareProofs() + compareRounding()
    if seed == nil {
      found.append(
        Disagreement(id: "", key: "seed", stated: certificate.seed, computed: "a UInt64 as decimal text"))
    }
    found += try compareObservables() + compareKillMatrix() + comparePowerMatrix()
    found += try compareTransformers()
    found += try comparePort()
    let verdict = certificate.impliedVerdict(of: verdicts)
    if verdict != certificate.verdict {
      found.append(
        Disagreement(
          id: "", key: "verdict", stated: certificate.verdict.rawValue, computed: verdict.rawValue))
    }
    return found
  }

  /// The seed; `nil` where its text is no UInt64, or one in another spelling than a certificate's.
  var seed: UInt64? { UInt64(certificate.seed).flatMap { String($0) == certificate.seed ? $0 : nil } }

  /// All disagreements between the stated counts and those that the seed gives.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  public func replayDisagreements(
    threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (SuiteRunner.Progress) -> Void = { _ in }
  ) async throws(CertificationError) -> [Disagreement] {
    guard let seed else { throw .certificate("seed \"\(certificate.seed)\" is no UInt64") }
    let complete = certificate.cases.filter { $0.samples > 0 }
    var plans: [CasePlan] = []
    var rounds = 0
    for record in complete {
      let plan = try plan(for: record, samples: record.samples)
      let (sum, isTooMuch) = rounds.addingReportingOverflow(plan.plannedRounds)
      guard !isTooMuch else { throw .certificate("the cases have more rounds than can be counted") }
      rounds = sum
      plans.append(plan)
    }
    let options = SuiteRunner.Options(
      seed: seed, threads: threads, isInterrupted: isInterrupted, progress: progress)
    let records = try await SuiteRunner(subject: ProductionSubject.production).run(plans, options)
    return zip(complete, records).compactMap(Self.firstDifference)
  }

  /// The first count of a case that the seed does not give.
  private static func firstDifference(_ stated: CaseRecord, _ computed: CaseRecord) -> Disagreement? {
    func difference(_ name: String, _ left: [String: Int], _ right: [String: Int]) -> Disagreement? {
      let keys = Set(left.keys).union(right.keys).sorted()
      guard let key = keys.first(where: { left[$0] != right[$0] }) else { return nil }
      return Disagreement(
        id: stated.id, key: "\(name)[\(key)]", stated: "\(left[key] ?? 0)", computed: "\(right[key] ?? 0)")
    }
    func difference(_ name: String, _ left: Int, _ right: Int) -> Disagreement? {
      left == right ? nil : Disagreement(id: stated.id, key: name, stated: "\(left)", computed: "\(right)")
    }
    return difference("counts", stated.counts, computed.counts) ?? difference("rounds", stated.rounds, computed.rounds)
      ?? difference("targetEvaluations", stated.targetEvaluations, computed.targetEvaluations)
      ?? difference("tokens", stated.tokens, computed.tokens)
  }
}
