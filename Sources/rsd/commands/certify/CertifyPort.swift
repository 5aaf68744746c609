import ArgumentParser
import Certification
import Foundation
import Ports
import SpeculativeDecoding
import Synchronization

/// A run of the port suite against a command.
struct CertifyPort {
  var command: PortCommand
  var cases: [PortCase]
  var checks: [PortCheckPlan]
  var suite: SuiteReference
  var design: AnytimeDesign
  var options: PortRunner.Options
  var json: Bool

  /// Asks the port, and prints each row as soon as it is decided.
  func run() async throws -> PortCertificate {
    let line = ProgressLine()
    let table = json ? nil : PortTable(cases, checks)
    var options = options
    options.isInterrupted = { Interruption.isRequested || Output.isLost }
    options.progress = { progress in
      let samples = progress.samples > 0 ? ", \(CertifyTable.grouped(progress.samples)) decodings" : ""
      line.show(
        finished: progress.finished, of: progress.total,
        "\(progress.finished)/\(progress.total) \(progress.current)\(samples)")
    }
    options.finished = { record in
      line.clear()
      if let table, record.status != .notSupported { Output.line(table.row(record)) }
    }
    options.checked = { record in
      line.clear()
      if let table, record.status != .notSupported { Output.line(table.row(record)) }
    }
    let runner = PortRunner(command: command, design: design, options)
    let hello: PortHello
    do {
      hello = try await runner.hello()
    } catch {
      if Interruption.isRequested { throw failure(.interrupted, "interrupted before the port answered") }
      throw failure(.badData, PortTable.line(of: error, command: command.text))
    }
    if let table {
      Output.line(PortTable.title(hello, command: command.text))
      Output.line(table.header)
    }
    let report = try await explainingErrors { try await runner.run(cases, checks: checks, hello: hello) }
    line.clear()
    return PortCertificate(suite: suite, seed: options.seed, errorBudget: PortSuite.errorBudget, port: report)
  }
}

/// The printed table of a run against a port: a row for each case and check, and what is wrong in a porter's words.
struct PortTable: Sendable {
  private let width: Int
  private let samplesWidth = 10

  init(_ cases: [PortCase], _ checks: [PortCheckPlan]) {
    width = (cases.map(\.id.count) + checks.map(\.id.count)).reduce(4, max)
  }

  var header: String {
    Terminal.colored(cells("case", "N", "TV ≤, p", "length TV ≤") + "status", .bold)
  }

  private func cells(_ id: String, _ samples: String, _ bound: String, _ length: String) -> String {
    [
      Terminal.padded(id, to: width), Terminal.padded(samples, to: samplesWidth, right: true),
      Terminal.padded(bound, to: 8, right: true), Terminal.padded(length, to: 11, right: true),
    ].joined(separator: "  ") + "  "
  }

  func row(_ record: PortCaseRecord) -> String {
    func bound(_ test: PortTestRecord?) -> String {
      guard let test, !test.looks.isEmpty else { return "–" }
      return test.impossible > 0 ? "1" : AnytimeTable.bound(test.totalVariationBound)
    }
    // A witness is planned: its p-value decides, not a bound.
    let tested =
      record.planned != nil
      ? record.test?.pValue.map { "p " + CertifyTable.probability($0) } ?? "–" : bound(record.test)
    let row =
      cells(record.id, CertifyTable.grouped(record.samples), tested, bound(record.acceptedLength))
      + Self.colored(record.status)
    return ([row] + Self.explanation(record)).joined(separator: "\n")
  }

  func row(_ record: PortCheckRecord) -> String {
    let total = record.counts.filter { $0.key != "not sent" }.values.reduce(0, +)
    let row = cells(record.id, CertifyTable.grouped(total), "–", "–") + Self.colored(record.status)
    var lines = [row]
    if let reason = record.reason, record.status != .pass { lines.append("  \(reason)") }
    for difference in (record.differences ?? []).prefix(3) {
      lines.append("  tcId \(difference.tcId), \(difference.comment)")
      lines.append("    expected \(difference.expected); got \(difference.got)")
    }
    return (lines + Self.log(record.failure)).joined(separator: "\n")
  }

  private static func explanation(_ record: PortCaseRecord) -> [String] {
    guard record.status != .pass else { return [] }
    var lines = record.reason.map { ["  \($0)"] } ?? []
    lines += (record.deviations ?? []).map { "  \($0.text(of: record.samples))" }
    return lines + log(record.failure)
  }

  private static func log(_ failure: PortFailure?) -> [String] {
    guard let failure, !failure.log.isEmpty else { return [] }
    return ["  its stderr ends:"]
      + failure.log.split(separator: "\n").suffix(5).map { "    | \(TextWriter.harmless(String($0.prefix(200))))" }
  }

  static func title(_ hello: PortHello, command: String) -> String {
    "\(TextWriter.harmless(hello.name)) \(TextWriter.harmless(hello.version)): \(hello.rules.joined(separator: ", ")); \(hello.ops.joined(separator: ", "))"
  }

  /// A failure to start on one line.
  static func line(of failure: PortFailure, command: String) -> String {
    let log =
      failure.log.split(separator: "\n").last.map {
        "; its stderr ends: \(TextWriter.harmless(String($0.prefix(300))))"
      } ?? ""
    return "--port \(command): \(failure.reason)\(log)"
  }

  static func colored(_ status: PortStatus) -> String {
    switch status {
    case .pass: Terminal.colored("pass", .green)
    case .fail: Terminal.colored("FAIL", .red)
    case .inconclusive: Terminal.colored("inconclusive", .yellow)
    case .notSupported: "not supported"
    }
  }

  /// The last lines: what was shown, rule by rule, at which error rates, and what was not asked.
  static func summary(_ certificate: PortCertificate, path: String?, page: String?) -> String {
    let report = certificate.port
    var lines = [""]
    for rule in report.rules {
      let cases = report.cases.filter { $0.rule == rule }.map(\.status)
      let checks = report.checks.filter { $0.rule == rule }.map(\.status)
      let all = cases + checks
      let words = PortStatus.allCases.compactMap { status in
        let count = all.filter { $0 == status }.count
        return count > 0 ? "\(count) \(Self.word(status))" : nil
      }
      lines.append(
        "\(Terminal.padded(rule, to: 14))  \(colored(report.status(ofRule: rule))): \(words.joined(separator: ", "))")
    }
    for diagnosis in report.diagnoses ?? [] { lines += [""] + diagnosis.lines }
    for (title, status) in [
      ("Not decided, and not counted as a pass:", PortStatus.inconclusive),
      ("Not supported by the port, and not counted as a pass:", .notSupported),
    ] {
      let reasons = Self.reasons(of: status, in: report)
      if !reasons.isEmpty { lines += ["", title] + reasons }
    }
    if let words = report.notLookedAt { lines += [""] + words.map { "Note: \($0)." } }
    let decodings = report.cases.reduce(0) { $0 + $1.samples }
    lines += [
      "",
      "\(CertifyTable.colored(certificate.verdict)): \(CertifyTable.grouped(decodings)) decodings, seed \(certificate.certificate.seed), "
        + "\(Self.seconds(report.portSeconds)) by the port and \(Self.seconds(report.workerSeconds - report.portSeconds)) by the suite",
      errorRates(report),
    ]
    if let path {
      lines.append("Certificate: \(path)")
      if let page { lines.append("Report: \(page)") }
      lines.append("Check it with: rsd verify \(path)")
    } else if let page {
      lines.append("Report: \(page)")
    }
    return lines.joined(separator: "\n")
  }

  /// Both error rates of a verdict, on two lines.
  static func errorRates(_ report: PortReport) -> String {
    """
    A correct port fails such a run with probability at most \(CertifyTable.number(PortSuite.falseFail)). One whose law
    is further than total variation \(report.design.epsilon) from the target's passes a case with probability at most \
    \(CertifyTable.number(report.design.falsePass)).
    """
  }

  private static func word(_ status: PortStatus) -> String {
    switch status {
    case .pass: "pass"
    case .fail: "fail"
    case .inconclusive: "inconclusive"
    case .notSupported: "not supported"
    }
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.1f s", max(0, value)) }

  /// Why tests have a status: each reason once, with how many tests it took.
  private static func reasons(of status: PortStatus, in report: PortReport) -> [String] {
    let all =
      report.cases.filter { $0.status == status }.map { ($0.rule, $0.reason ?? "") }
      + report.checks.filter { $0.status == status }.map { ($0.rule, $0.reason ?? "") }
    var counts: [(reason: String, count: Int)] = []
    for (_, reason) in all {
      if let index = counts.firstIndex(where: { $0.reason == reason }) {
        counts[index].count += 1
      } else {
        counts.append((reason, 1))
      }
    }
    return counts.map { "  \($0.reason) (\($0.count) \($0.count == 1 ? "test" : "tests"))" }
  }
}
