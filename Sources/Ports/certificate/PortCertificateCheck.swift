import Certification
import SpeculativeDecoding

/// The check of a port's certificate: it is made again from its counts, and the two are compared key by key.
package struct PortCertificateCheck: Sendable {
  /// The certificate under check.
  package let certificate: PortCertificate

  /// A check of one certificate.
  package init(_ certificate: PortCertificate) { self.certificate = certificate }

  private var report: PortReport { certificate.port }

  private var isOfSuite: Bool { certificate.certificate.suite.version == PortSuite.version }

  /// All disagreements; none means that every status follows from the counts, and that the cases are the suite's.
  ///
  /// - Throws: ``CertificationError`` where the suite's cases cannot be made.
  package func disagreements() throws(CertificationError) -> [Disagreement] {
    let again = try rebuilt()
    return try requirements() + Disagreement.between(certificate, again)
  }

  /// The certificate that follows from this one's inputs and counts.
  private func rebuilt() throws(CertificationError) -> PortCertificate {
    let head = certificate.certificate
    var port = report
    port.design = try PortSuite.design(epsilon: report.design.epsilon, limit: report.design.limit)
    port.notLookedAt = report.leftOut.isEmpty ? nil : report.leftOut
    if isOfSuite {
      let selected = try PortSuite.select(PortSelection(name: head.suite.selection))
      let stated = Dictionary(report.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      port.cases = try rebuilt(selected.cases.map { ($0, stated[$0.id]) }, port.design)
      let checks = Dictionary(report.checks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      port.checks = []
      for plan in selected.checks {
        let record = try checks[plan.id].map(rebuilt)
        port.checks.append(record ?? plan.record(.inconclusive, reason: "absent"))
      }
    } else {
      let cases = report.cases.compactMap { record in PortCase(record).map { ($0, Optional(record)) } }
      port.cases = try rebuilt(cases, port.design)
      port.checks = []
      for record in report.checks { port.checks.append(try rebuilt(record)) }
    }
    // The budget is the suite's, whatever the cases are: their tests take their shares from it.
    var again = PortCertificate(suite: head.suite, seed: 0, errorBudget: PortSuite.errorBudget, port: port)
    (again.certificate.seed, again.certificate.package) = (head.seed, head.package)
    again.certificate.machine = head.machine
    return again
  }

  private func rebuilt(
    _ cases: [(PortCase, PortCaseRecord?)], _ design: AnytimeDesign
  ) throws(CertificationError) -> [PortCaseRecord] {
    var records: [PortCaseRecord] = []
    for (portCase, stated) in cases {
      guard let stated, stated.hasPossibleCounts, PortCase(stated) != nil else {
        records.append(try PortCaseState(portCase, design: design, share: PortSuite.budget.nominalShare).record)
        continue
      }
      do throws(PortFailure) {
        records.append(try PortCaseState(repeating: stated, portCase, design).record.withHistory(of: stated))
      } catch {
        records.append(try PortCaseState(portCase, design: design, share: PortSuite.budget.nominalShare).record)
      }
    }
    return records
  }

  /// A check with the status that follows from its counts.
  private func rebuilt(_ record: PortCheckRecord) throws(CertificationError) -> PortCheckRecord {
    var again = record
    guard let rule = Rule.named(record.rule), PortCheckPlan(record.check, rule: rule).id == record.id else {
      again.status = .fail
      return again
    }
    // A port may refuse a valid request in words, or not answer in time, which leaves no counts.
    if record.failure != nil || record.counts.isEmpty {
      if record.failure != nil || record.status == .pass { again.status = .fail }
      return again
    }
    guard record.status == .pass || record.status == .fail else { return again }
    switch record.check {
    case .vectors, .refusals:
      let isSame = record.counts["otherwise"] == 0 && record.counts["as stated", default: 0] > 0
      again.status = isSame ? .pass : .fail
    case .replay:
      again.status = record.counts.count == 2 && record.counts.values.allSatisfy { $0 == 1 } ? .pass : .fail
    case .independence:
      guard let within = PairTable(record.counts), let between = PairTable(record.pairsOfRequests ?? [:]),
        within.total >= PortCheckPlan.pairs, between.total >= PortCheckPlan.pairs,
        let dependence = record.dependence?.repeated(of: try PortSuite.orderedCase(rule)),
        dependence.samples == 2 * within.total
      else {
        again.status = record.status == .pass ? .fail : record.status
        again.pValues = nil
        return again
      }
      let judged = try PortCheckPlan(record.check, rule: rule).judged(within, between, dependence)
      (again.status, again.pValues, again.dependence) = (judged.status, judged.pValues, judged.dependence)
    }
    return again
  }

  /// Statements that follow from nothing, and cannot be so.
  private func requirements() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    func check(_ id: String, _ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: id, key: key, stated: stated, computed: computed)) }
    }
    let head = certificate.certificate
    check(
      "", "suite.version", head.suite.version,
      "\(PortSuite.version) or \(CertificateCheck.ownSuites)… (another cannot be compared)",
      isOfSuite || head.suite.version.hasPrefix(CertificateCheck.ownSuites))
    check(
      "", "seed", head.seed, "a UInt64 as decimal text", UInt64(head.seed).map { String($0) == head.seed } ?? false)
    let isAlone = head.cases.isEmpty && head.transformers == nil && head.proofs == nil && head.rounding == nil
    check(
      "", "cases", "\(head.cases.count) cases of this package's decoder, or proofs of it", "none beside a port's",
      isAlone && head.observables == nil && head.killMatrix == nil && head.powerMatrix == nil)
    if let problem = report.port.hello.problem { check("", "port.hello", "no hello", problem, false) }
    for file in report.port.files where file.sha256.wholeMatch(of: /[0-9a-f]{64}/) == nil {
      check("", "port.files", file.sha256, "64 hexadecimal digits", false)
    }
    for record in report.cases {
      guard let portCase = PortCase(record) else {
        check(
          record.id, "rule", record.rule, "a rule with these shape parameters, and a profile within its ranges", false)
        continue
      }
      check(
        record.id, "samples", "\(record.samples)", "the sum of the requests, of the counts, and of the rounds",
        record.hasPossibleCounts)
      if isOfSuite { continue }
      // A window that is shorter than a round and one token more cannot see a wrong bonus token; a witness is the suite's.
      let needed = portCase.instance.method.draftLength + 2
      check(record.id, "length", "\(record.length)", "at least \(needed)", record.length >= needed)
      check(record.id, "planned", "\(record.planned ?? 0)", "absent", record.planned == nil)
    }
    return found
  }
}

extension PortCaseRecord {
  /// Whether requests, counts and rounds are of the same decodings.
  var hasPossibleCounts: Bool {
    let asked = Dictionary(uniqueKeysWithValues: own.requests.enumerated().map { ("\($0)", $1) })
    let histograms = [asked, own.counts] + [own.rounds, own.secondRounds].compactMap(\.self)
    return own.requests.allSatisfy { (1...CertificateCheck.maximumSamples).contains($0) }
      && own.requests.count <= CertificateCheck.maximumSamples / PortPace.most
      && histograms.allSatisfy { histogram in
        histogram.values.allSatisfy { $0 >= 0 } && CertificateCheck.sum(of: histogram) == own.samples
      }
  }

  /// The record, made again from all counts at once, with what a run alone knows: its requests, its earlier looks, a failure.
  func withHistory(of stated: PortCaseRecord) -> PortCaseRecord {
    var again = self
    again.requests = stated.requests
    again.test = own.test?.withEarlierLooks(of: stated.test)
    again.acceptedLength = own.acceptedLength?.withEarlierLooks(of: stated.acceptedLength)
    again.secondLength = own.secondLength?.withEarlierLooks(of: stated.secondLength)
    if stated.failure != nil {
      (again.status, again.failure, again.reason) = (.fail, stated.failure, stated.reason)
      again.deviations = stated.deviations
    } else if own.status != .pass {
      // Why a case was not decided no count says, and that counts scatter is said of several cases together.
      again.reason = stated.reason
      // A port that does not support it has no verdict.
      if stated.status == .notSupported, own.status == .inconclusive { again.status = .notSupported }
    }
    return again
  }
}

extension PortTestRecord {
  /// The record with the looks before its last one, whose counts were not kept; their sizes grow.
  func withEarlierLooks(of stated: PortTestRecord?) -> PortTestRecord {
    guard let stated, let last = looks.last else { return self }
    var again = self
    let sizes = stated.looks.map(\.samples)
    if zip(sizes, sizes.dropFirst()).allSatisfy({ $0 < $1 }) { again.looks = stated.looks.dropLast() + [last] }
    return again
  }
}
