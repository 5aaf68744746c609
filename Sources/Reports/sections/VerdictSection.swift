import Certification
import Ports

/// The first section: the verdict, what it rests on, and whether it follows from the counts.
struct VerdictSection: Sendable {
  /// "Certified", "Failed", "Inconclusive" or "Does not verify".
  let verdictWord: String
  /// "good", "bad" or "open".
  let verdictKind: String
  /// The words after the verdict in the first heading.
  let verdictReason: String
  let verdictExplanation: String
  let facts: [Fact]
  let provenance: [Term]
  let falseStatements: FalseStatements?

  /// A number with what it counts.
  struct Fact: Sendable {
    var factValue: String
    var factLabel: String
    var factKind: String
  }

  /// A name and what it stands for.
  struct Term: Sendable {
    var termName: String
    var termText: String
  }

  /// The statements that do not follow from the counts.
  struct FalseStatements: Sendable {
    var statements: [Statement]
    /// How many are not listed; empty for none.
    var moreStatements: String
  }

  /// One statement.
  struct Statement: Sendable {
    var statementPlace: String
    var statementKey: String
    var statementStated: String
    var statementComputed: String
  }

  /// The most statements that are listed.
  static let limit = 100

  init(_ report: Report) {
    let certificate = report.certificate
    let count = report.disagreements.count
    if count > 0 {
      verdictWord = "Does not verify"
      verdictKind = "bad"
      verdictReason = count == 1 ? "one statement does not follow" : "\(count) statements do not follow"
      verdictExplanation = """
        The certificate states “\(certificate.verdict.rawValue)”. Computed again from its own counts, it does not say \
        what it should. Do not rely on anything below.
        """
    } else {
      let reasons = report.port.map(Self.reasons) ?? Self.reasons(certificate)
      switch certificate.verdict {
      case .certified: (verdictWord, verdictKind) = ("Certified", "good")
      case .failed: (verdictWord, verdictKind) = ("Failed", "bad")
      case .inconclusive: (verdictWord, verdictKind) = ("Inconclusive", "open")
      }
      verdictReason = reasons.joined(separator: ", ")
      verdictExplanation =
        switch certificate.verdict {
        case .certified:
          """
          The decoder’s output has the target’s law wherever this certificate looked, at the error rates stated below. \
          Every verdict was computed again from the counts when this page was made.
          """
        case .failed:
          """
          Something that must hold does not. A correct decoder fails such a run with probability at most \
          \(ReportNumber.rate(certificate.errorBudget.falseFail)).
          """
        case .inconclusive: "Nothing failed, and not everything was decided. An inconclusive run is not a pass."
        }
    }
    facts = report.port.map(Self.facts) ?? Self.facts(certificate)
    provenance = Self.provenance(certificate)
    falseStatements =
      count == 0
      ? nil
      : FalseStatements(
        statements: report.disagreements.prefix(Self.limit).map(Statement.init),
        moreStatements: count > Self.limit ? "\(NumberText.grouped(count - Self.limit)) more are not listed." : "")
  }

  /// The grounds of the verdict: the cases where all is well, else what is not.
  private static func reasons(_ certificate: Certificate) -> [String] {
    func words(_ count: Int, _ total: Int, _ one: String, _ many: String) -> String? {
      count == 0 ? nil : "\(NumberText.grouped(count)) of \(NumberText.grouped(total)) \(count == 1 ? one : many)"
    }
    let cases = certificate.cases.map(\.verdict) + (certificate.transformers?.cases ?? []).map(\.verdict)
    let observables = certificate.observables ?? []
    let proofs = certificate.proofs?.cases ?? []
    let kills = certificate.killMatrix ?? []
    let rounding = certificate.rounding ?? []
    let wrong: [String?]
    switch certificate.verdict {
    case .certified:
      return ["\(NumberText.grouped(cases.count)) of \(NumberText.grouped(cases.count)) cases pass"]
    case .failed:
      wrong = [
        words(cases.filter { $0 == .fail }.count, cases.count, "case fails", "cases fail"),
        words(proofs.filter { $0.verdict == .refuted }.count, proofs.count, "proof is refuted", "proofs are refuted"),
        words(
          observables.filter { $0.verdict == .fail }.count, observables.count, "other test fails", "other tests fail"),
        words(kills.filter { !$0.isAsItMust }.count, kills.count, "defect is not caught", "defects are not caught"),
        words(
          rounding.filter { !$0.isWithinBound }.count, rounding.count, "round exceeds its bound",
          "rounds exceed their bound"),
      ]
    case .inconclusive:
      wrong = [
        cases.isEmpty ? "no case was run" : nil,
        words(
          cases.filter { $0 == .inconclusive }.count, cases.count, "case is undecided", "cases are undecided"),
        words(
          proofs.filter { $0.verdict == .unfinished }.count, proofs.count, "proof is unfinished",
          "proofs are unfinished"),
        words(
          observables.filter { $0.verdict == .inconclusive }.count, observables.count, "other test is undecided",
          "other tests are undecided"),
      ]
    }
    let found = wrong.compactMap(\.self)
    return found.isEmpty ? ["a part of it is empty"] : found
  }

  /// The tests of a port, counted by what came of them.
  private static func reasons(_ port: PortReport) -> [String] {
    let statuses = port.statuses
    func count(_ status: PortStatus) -> Int { statuses.filter { $0 == status }.count }
    let asked = statuses.count - count(.notSupported)
    let (passed, failed, open) = (count(.pass), count(.fail), count(.inconclusive))
    if failed > 0 {
      return ["\(NumberText.grouped(failed)) of \(NumberText.grouped(asked)) tests \(failed == 1 ? "fails" : "fail")"]
    }
    if open > 0 {
      return ["\(NumberText.grouped(open)) of \(NumberText.grouped(asked)) tests \(open == 1 ? "is" : "are") undecided"]
    }
    return ["\(NumberText.grouped(passed)) of \(NumberText.grouped(asked)) tests pass"]
  }

  private static func facts(_ port: PortReport) -> [Fact] {
    func fact(_ status: PortStatus, _ words: String, _ kind: String) -> Fact {
      let count = port.statuses.filter { $0 == status }.count
      return Fact(factValue: NumberText.grouped(count), factLabel: words, factKind: count == 0 ? "plain" : kind)
    }
    let decodings = port.cases.reduce(0) { $0.addingReportingOverflow($1.samples).partialValue }
    return [
      fact(.pass, "tests pass", "good"), fact(.fail, "tests fail", "bad"),
      fact(.inconclusive, "tests undecided", "bad"), fact(.notSupported, "tests not supported", "plain"),
      Fact(factValue: NumberText.grouped(decodings), factLabel: "decodings", factKind: "plain"),
    ]
  }

  private static func facts(_ certificate: Certificate) -> [Fact] {
    func share(_ good: Int, _ all: Int, _ words: String) -> Fact {
      Fact(
        factValue: "\(NumberText.grouped(good)) of \(NumberText.grouped(all))", factLabel: words,
        factKind: good == all ? "good" : "bad")
    }
    func absent(_ words: String) -> Fact { Fact(factValue: "none", factLabel: words, factKind: "plain") }
    let cases = certificate.cases.map(\.verdict) + (certificate.transformers?.cases ?? []).map(\.verdict)
    var facts = [share(cases.filter { $0 == .pass }.count, cases.count, "cases pass")]
    if let proofs = certificate.proofs?.cases {
      facts.append(share(proofs.filter { $0.verdict == .proved }.count, proofs.count, "proved in exact fractions"))
    } else {
      facts.append(absent("proofs in this certificate"))
    }
    if let kills = certificate.killMatrix {
      let defects = kills.filter { $0.category != .lossless }
      facts.append(share(defects.filter { $0.verdict == .killed }.count, defects.count, "known defects killed"))
    } else {
      facts.append(absent("known defects in this certificate"))
    }
    let samples = certificate.cases.map(\.samples) + (certificate.transformers?.cases ?? []).map(\.samples)
    let decodings = samples.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    facts.append(Fact(factValue: NumberText.grouped(decodings), factLabel: "decodings", factKind: "plain"))
    return facts
  }

  private static func provenance(_ certificate: Certificate) -> [Term] {
    var seed = OutsideText.shown(certificate.seed)
    if let known = ReproductionSection.seed(of: certificate.suite.version) {
      seed += certificate.seed == String(known) ? " (the suite’s own)" : " (not the suite’s own)"
    }
    return [
      Term(termName: "Suite", termText: OutsideText.shown(certificate.suite.version)),
      Term(termName: "Selection", termText: OutsideText.shown(certificate.suite.selection)),
      Term(termName: "Seed", termText: seed),
      Term(termName: "Package", termText: "RSD \(OutsideText.shown(certificate.package))"),
      Term(termName: "Machine", termText: OutsideText.shown(certificate.machine)),
    ]
  }
}

extension VerdictSection.Statement {
  fileprivate init(_ found: Disagreement) {
    self.init(
      statementPlace: found.id.isEmpty ? "the certificate" : OutsideText.shown(found.id),
      statementKey: OutsideText.shown(found.key), statementStated: OutsideText.shown(found.stated),
      statementComputed: OutsideText.shown(found.computed))
  }
}
