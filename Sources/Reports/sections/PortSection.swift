import Certification
import Ports

/// The section on a port: which program, rule by rule, what is wrong, and every test.
struct PortSection: Sendable {
  let portTerms: [VerdictSection.Term]
  let portRules: [Rule]
  let portUnsupported: [String]
  let portLimits: [String]
  let portFindings: Findings?
  let portFalseFail: String
  let portFalsePass: String
  let portEpsilon: String
  let portCases: [Row]
  let portChecks: [Row]

  /// The tests of a rule, counted.
  struct Rule: Sendable {
    var portRule: String
    var portBadge: Badge
    var portPass: String
    var portFail: String
    var portOpen: String
    var portAbsent: String
  }

  /// The fault.
  struct Findings: Sendable {
    var portDiagnoses: [Diagnosis]
    var portFailures: [Failure]
    /// How many are not listed; `nil` for none.
    var portMoreFailures: String?
  }

  /// A diagnosis.
  struct Diagnosis: Sendable {
    var diagnosisRule: String
    var diagnosisLead: String
    var diagnosisCandidates: [Candidate]
  }

  /// A decoder that might be the port's.
  struct Candidate: Sendable {
    var candidateName: String
    var candidateSummary: String?
    var candidateSources: [ShownSource]
  }

  /// A failed test.
  struct Failure: Sendable {
    var failureID: String
    var failureReason: String
    var failureDetails: [String]
    var failureLog: String?
  }

  /// A test as a row of a table.
  struct Row: Sendable {
    var portCaseID: String
    var portBadge: Badge
    var portSamples = ""
    var portBound = ""
    var portEvidence = ""
    var portP = ""
    var portLengths = ""
    var portFound = ""
  }

  /// The most failures that are described one by one.
  static let limit = 20

  init?(_ report: Report) {
    guard let port = report.port else { return nil }
    portTerms = Self.terms(port)
    portRules = port.rules.map { Rule($0, in: port) }
    var reasons: [String] = []
    for reason in port.cases.compactMap({ $0.status == .notSupported ? $0.reason : nil })
      + port.checks.compactMap({ $0.status == .notSupported ? $0.reason : nil })
    where !reasons.contains(reason) { reasons.append(reason) }
    portUnsupported = reasons.prefix(Self.limit).map(OutsideText.shown)
    portLimits = (port.notLookedAt ?? []).prefix(Self.limit).map(OutsideText.shown)
    portFindings = Findings(port)
    portFalseFail = ReportNumber.rate(report.certificate.errorBudget.falseFail)
    portFalsePass = ReportNumber.rate(port.design.falsePass)
    portEpsilon = ReportNumber.rate(port.design.epsilon)
    portCases = port.cases.map { Row($0) }
    portChecks = port.checks.map { Row($0) }
  }

  private static func terms(_ port: PortReport) -> [VerdictSection.Term] {
    let hello = port.port.hello
    var terms = [
      VerdictSection.Term(
        termName: "Port", termText: "\(OutsideText.shown(hello.name)) \(OutsideText.shown(hello.version))"),
      VerdictSection.Term(termName: "Command", termText: OutsideText.shown(port.port.command)),
      VerdictSection.Term(termName: "Rules", termText: OutsideText.shown(hello.rules.joined(separator: ", "))),
      VerdictSection.Term(termName: "Operations", termText: OutsideText.shown(hello.ops.joined(separator: ", "))),
      VerdictSection.Term(
        termName: "Profile", termText: OutsideText.shown((hello.profile ?? ["none"]).joined(separator: ", "))),
      VerdictSection.Term(termName: "Uniform bits", termText: "\(hello.uniformBits ?? 24)"),
    ]
    for file in port.port.files {
      terms.append(
        .init(termName: OutsideText.label(file.name, room: 40), termText: "SHA-256 \(OutsideText.shown(file.sha256))"))
    }
    return terms
  }
}

extension PortSection.Rule {
  fileprivate init(_ rule: String, in port: PortReport) {
    let statuses =
      port.cases.filter { $0.rule == rule }.map(\.status) + port.checks.filter { $0.rule == rule }.map(\.status)
    func count(_ status: PortStatus) -> String { NumberText.grouped(statuses.filter { $0 == status }.count) }
    self.init(
      portRule: rule, portBadge: Badge(port.status(ofRule: rule)), portPass: count(.pass), portFail: count(.fail),
      portOpen: count(.inconclusive), portAbsent: count(.notSupported))
  }
}

extension PortSection.Findings {
  private static func log(_ failure: PortFailure?) -> String? {
    failure.flatMap { $0.log.isEmpty ? nil : OutsideText.shown($0.log) }
  }

  fileprivate init?(_ port: PortReport) {
    var failures = port.cases.filter { $0.status == .fail }.map { record in
      PortSection.Failure(
        failureID: OutsideText.shown(record.id), failureReason: OutsideText.shown(record.reason ?? ""),
        failureDetails: (record.deviations ?? []).prefix(PortDeviation.most).map {
          OutsideText.shown($0.text(of: record.samples))
        },
        failureLog: Self.log(record.failure))
    }
    failures += port.checks.filter { $0.status == .fail }.map { record in
      PortSection.Failure(
        failureID: OutsideText.shown(record.id), failureReason: OutsideText.shown(record.reason ?? ""),
        failureDetails: (record.differences ?? []).prefix(10).map {
          OutsideText.shown("tcId \($0.tcId): expected \($0.expected); got \($0.got)")
        },
        failureLog: Self.log(record.failure))
    }
    if failures.isEmpty { return nil }
    let limit = PortSection.limit
    self.init(
      portDiagnoses: (port.diagnoses ?? []).prefix(limit).map(PortSection.Diagnosis.init),
      portFailures: Array(failures.prefix(limit)),
      portMoreFailures: failures.count > limit
        ? "\(NumberText.grouped(failures.count - limit)) more are not described." : nil)
  }
}

extension PortSection.Diagnosis {
  fileprivate init(_ diagnosis: PortDiagnosis) {
    let tests = diagnosis.compared.count
    var lead =
      diagnosis.isFitting
      ? "What the port did is what these do, as far as \(tests) of its tests can tell:"
      : "No known defect does what the port did in \(tests) of its tests."
        + (diagnosis.candidates.isEmpty ? "" : " The nearest:")
    if let scatter = diagnosis.scatter { lead = scatter.lines.joined(separator: " ") }
    self.init(
      diagnosisRule: OutsideText.shown(diagnosis.rule), diagnosisLead: lead,
      diagnosisCandidates: diagnosis.named.map { name in
        let defect = Defect.named(name)
        return PortSection.Candidate(
          candidateName: OutsideText.shown(name), candidateSummary: defect?.summary,
          candidateSources: (defect?.sources ?? []).map { ShownSource($0.text) })
      })
  }
}

extension PortSection.Row {
  fileprivate init(_ record: PortCaseRecord) {
    self.init(portCaseID: OutsideText.shown(record.id), portBadge: Badge(record.status))
    portSamples = NumberText.grouped(record.samples)
    portBound = Self.bound(record.test)
    portEvidence = record.test.map { Self.evidence($0.logEvidence) } ?? "–"
    portP = record.test?.pValue.map { ReportNumber.probability($0) } ?? "–"
    portLengths = Self.bound(record.acceptedLength)
    if let second = record.secondLength { portLengths += ", \(Self.bound(second))" }
  }

  fileprivate init(_ record: PortCheckRecord) {
    self.init(portCaseID: OutsideText.shown(record.id), portBadge: Badge(record.status))
    switch record.check {
    case .independence:
      portFound = (record.pValues ?? []).map { "p = \(ReportNumber.probability($0))" }.joined(separator: ", ")
    default:
      portFound = record.counts.sorted { $0.key < $1.key }.prefix(5)
        .map { "\(OutsideText.shown($0.key)): \(NumberText.grouped($0.value))" }.joined(separator: ", ")
    }
    if let reason = record.reason { portFound += (portFound.isEmpty ? "" : "; ") + OutsideText.shown(reason) }
  }

  private static func bound(_ test: PortTestRecord?) -> String {
    guard let test, !test.looks.isEmpty else { return "–" }
    return ReportNumber.decimal(test.totalVariationBound, places: 4)
  }

  private static func evidence(_ logEvidence: Double) -> String {
    logEvidence.isFinite ? ReportNumber.decimal(logEvidence / 2.302585092994046, places: 1) : "∞"
  }
}

extension Badge {
  init(_ status: PortStatus) {
    switch status {
    case .pass: self.init("pass", "good")
    case .fail: self.init("fail", "bad")
    case .inconclusive: self.init("inconclusive", "open")
    case .notSupported: self.init("not supported", "open")
    }
  }
}
