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

  /// All disagreements; none means that every verdict follows from the counts.
  ///
  /// - Throws: ``CertificationError`` where a case is no case: an unknown rule, an invalid model, a count of a
  ///   sequence outside the vocabulary.
  public func disagreements() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    var verdicts: [CaseVerdict] = []
    for record in certificate.cases {
      let recomputed = try recompute(record)
      verdicts.append(recomputed.verdict)
      found += Self.compare(record, recomputed)
    }
    found += compareBudget() + compareSuite()
    let verdict = RunVerdict(cases: verdicts, proofs: certificate.proofs, rounding: certificate.rounding)
    if verdict != certificate.verdict {
      found.append(
        Disagreement(
          id: "", key: "verdict", stated: certificate.verdict.rawValue, computed: verdict.rawValue))
    }
    return found
  }

  /// All disagreements between the stated counts and those that the seed gives.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be decoded.
  public func replayDisagreements(
    threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (SuiteRunner.Progress) -> Void = { _ in }
  ) async throws(CertificationError) -> [Disagreement] {
    guard let seed = UInt64(certificate.seed) else { throw .certificate("seed \"\(certificate.seed)\" is no UInt64") }
    let complete = certificate.cases.filter { $0.samples > 0 }
    var plans: [CasePlan] = []
    for record in complete { plans.append(try plan(for: record, samples: record.samples)) }
    let options = SuiteRunner.Options(
      seed: seed, threads: threads, isInterrupted: isInterrupted, progress: progress)
    let records = try await SuiteRunner(subject: ProductionSubject.production).run(plans, options)
    var found: [Disagreement] = []
    for (stated, computed) in zip(complete, records) where stated.counts != computed.counts {
      let keys = Set(stated.counts.keys).union(computed.counts.keys).sorted()
      let key = keys.first { stated.counts[$0] != computed.counts[$0] } ?? ""
      found.append(
        Disagreement(
          id: stated.id, key: "counts[\(key)]", stated: "\(stated.counts[key] ?? 0)",
          computed: "\(computed.counts[key] ?? 0)"))
    }
    return found
  }

  private func plan(for record: CaseRecord, samples: Int) throws(CertificationError) -> CasePlan {
    let pair = ModelPair(name: record.id, target: record.target, draft: record.draft, prompt: record.prompt)
    let profile: SamplingProfile
    do {
      profile = try record.profile.profile()
    } catch {
      throw .decoding(place: "case \(record.id)", error)
    }
    var testCase = CertificationCase(
      method: try record.method(), pair: pair, profile: profile, profileName: "", length: record.length,
      endToken: record.endToken)
    testCase.id = record.id
    return try CasePlan(
      testCase, budget: certificate.errorBudget, samples: samples > 0 ? samples : nil)
  }

  private func recompute(_ record: CaseRecord) throws(CertificationError) -> CaseRecord {
    var counts = CaseCounts()
    for (key, count) in record.counts {
      let words = key.split(separator: " ", omittingEmptySubsequences: false)
      let tokens = words.compactMap { Token($0) }
      guard tokens.count == words.count, tokens.allSatisfy((0..<record.target.vocabulary).contains),
        tokens.count <= record.length, count >= 0
      else {
        throw .certificate("case \(record.id): the count of \"\(key)\" is of no sequence of the case")
      }
      counts.sequences[tokens] = count
    }
    for (key, count) in record.rounds {
      guard let emitted = Int(key), count >= 0 else {
        throw .certificate("case \(record.id): rounds has the key \"\(key)\"")
      }
      counts.firstRounds[emitted] = count
    }
    counts.rounds = record.targetEvaluations
    counts.tokens = record.tokens
    return try CaseRecord(try plan(for: record, samples: counts.samples), counts: counts)
  }

  private static func compare(_ stated: CaseRecord, _ computed: CaseRecord) -> [Disagreement] {
    var found: [Disagreement] = []
    let id = computed.id
    func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: id, key: key, stated: stated, computed: computed)) }
    }
    func isClose(_ left: Double, _ right: Double) -> Bool {
      left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right))
    }
    func check(_ key: String, _ stated: Double, _ computed: Double) {
      check(key, "\(stated)", "\(computed)", isClose(stated, computed))
    }
    check("samples", "\(stated.samples)", "\(computed.samples)", stated.samples == computed.samples)
    let firstRounds = stated.rounds.values.reduce(0, +)
    check("rounds", "\(firstRounds)", "\(stated.samples)", firstRounds == stated.samples)
    check("statistic", stated.statistic, computed.statistic)
    check(
      "degreesOfFreedom", "\(stated.degreesOfFreedom)", "\(computed.degreesOfFreedom)",
      stated.degreesOfFreedom == computed.degreesOfFreedom)
    check("pValue", stated.pValue, computed.pValue)
    check("impossible", "\(stated.impossible)", "\(computed.impossible)", stated.impossible == computed.impossible)
    check("power", stated.power, computed.power)
    check("verdict", stated.verdict.rawValue, computed.verdict.rawValue, stated.verdict == computed.verdict)
    return found
  }

  /// The shares of all cases must fit into half the false-fail rate, and be of a size that can refuse.
  private func compareBudget() -> [Disagreement] {
    let budget = certificate.errorBudget
    let largest = ErrorBudget(cases: certificate.cases.count, falseFail: budget.falseFail).nominalShare
    if budget.nominalShare > 0, budget.nominalShare <= largest * (1 + 1e-9) { return [] }
    return [
      Disagreement(
        id: "", key: "errorBudget.nominalShare", stated: "\(budget.nominalShare)", computed: "at most \(largest)")
    ]
  }

  /// Cases that bear the name of a suite of this package must be that suite's.
  private func compareSuite() -> [Disagreement] {
    guard certificate.suite.version == DefaultSuite.version, certificate.suite.selection == "all",
      let suite = try? DefaultSuite.suite()
    else { return [] }
    let stated = certificate.cases.map(\.id)
    let expected = suite.cases.map(\.id)
    if let missing = expected.first(where: { !stated.contains($0) }) {
      return [Disagreement(id: missing, key: "cases", stated: "absent", computed: "part of \(DefaultSuite.version)")]
    }
    for (record, testCase) in zip(certificate.cases, suite.cases) {
      guard record.id == testCase.id, record.target == testCase.pair.target, record.draft == testCase.pair.draft,
        record.length == testCase.length, record.profile == ProfileRecord(testCase.profile)
      else {
        return [
          Disagreement(id: record.id, key: "cases", stated: "differs", computed: "as in \(DefaultSuite.version)")
        ]
      }
    }
    return []
  }
}
