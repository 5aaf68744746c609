import Certification
import Foundation
import Ports
import Servers

/// A certificate as JUnit XML, which CI systems show: a test suite a rule, a test case a case.
///
/// A failed test is a failure, an undecided one an error (it is no pass), an unsupported one is skipped.
package struct JUnitReport: Sendable {
  private enum Outcome {
    case pass
    case fail(String)
    case inconclusive(String)
    case skipped(String)
  }

  private struct Test {
    var suite: String
    var name: String
    var outcome: Outcome
  }

  private let name: String
  private let tests: [Test]

  /// The report of a certificate.
  package init(_ certificate: Certificate) {
    name = certificate.suite.version
    var tests = certificate.cases.map {
      Test(suite: $0.rule, name: $0.id, outcome: Self.outcome($0.verdict, p: $0.pValue))
    }
    tests += (certificate.transformers?.cases ?? []).map {
      Test(suite: "transformers", name: $0.id, outcome: Self.outcome($0.verdict, p: $0.pValue))
    }
    tests += (certificate.observables ?? []).map {
      Test(suite: "beside the output", name: $0.id, outcome: Self.outcome($0.verdict, p: $0.pValue))
    }
    tests += (certificate.proofs?.cases ?? []).map { record in
      let outcome: Outcome =
        switch record.verdict {
        case .proved: .pass
        case .refuted: .fail("refuted by enumeration")
        case .unfinished: .inconclusive(record.reason ?? "unfinished")
        }
      return Test(suite: "proofs", name: record.id, outcome: outcome)
    }
    tests += (certificate.killMatrix ?? []).map { record in
      Test(
        suite: "known defects", name: record.defect,
        outcome: record.isAsItMust ? .pass : .fail("the suite finds it \(record.verdict.rawValue)"))
    }
    self.tests = tests
  }

  /// The report of a port's certificate: a test suite a rule.
  package init(_ certificate: PortCertificate) {
    name = certificate.certificate.suite.version
    let cases = certificate.port.cases.map { record in
      let deviations = (record.deviations ?? []).map { $0.text(of: record.samples) }
      return Test(
        suite: record.rule, name: record.id,
        outcome: Self.outcome(record.status, record.reason, deviations, record.failure))
    }
    let checks = certificate.port.checks.map { record in
      let differences = (record.differences ?? []).map {
        "tcId \($0.tcId), \($0.comment): expected \($0.expected); got \($0.got)"
      }
      return Test(
        suite: record.rule, name: record.id,
        outcome: Self.outcome(record.status, record.reason, differences, record.failure))
    }
    tests = cases + checks
  }

  /// The report of a server's certificate: a test case a prompt.
  package init(_ certificate: ServerCertificate) {
    name = ServerDesign.version
    tests = certificate.prompts.enumerated().map { number, record in
      let reason = record.reason ?? record.verdict.rawValue
      let outcome: Outcome =
        switch record.verdict {
        case .pass: .pass
        case .fail: .fail(([reason] + record.deviations.map(\.text)).joined(separator: "\n"))
        case .inconclusive, .invalid: .inconclusive(reason)
        }
      return Test(suite: "server", name: "prompt \(number + 1): \(record.prompt)", outcome: outcome)
    }
  }

  private static func outcome(_ verdict: CaseVerdict, p: Double) -> Outcome {
    switch verdict {
    case .pass: .pass
    case .fail: .fail("the law is not the target's: p = \(p)")
    case .inconclusive: .inconclusive("not decided")
    }
  }

  private static func outcome(
    _ status: PortStatus, _ reason: String?, _ details: [String], _ failure: PortFailure?
  ) -> Outcome {
    let log = failure.map { $0.log.isEmpty ? [] : ["stderr:", $0.log] } ?? []
    let text = ([reason ?? status.rawValue] + details + log).joined(separator: "\n")
    return switch status {
    case .pass: .pass
    case .fail: .fail(text)
    case .inconclusive: .inconclusive(text)
    case .notSupported: .skipped(text)
    }
  }

  /// The XML, in UTF-8.
  package var xml: String {
    var suites: [String] = []
    for test in tests where !suites.contains(test.suite) { suites.append(test.suite) }
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"\(Self.escaped(name))\"\(Self.totals(tests))>",
    ]
    for suite in suites {
      let own = tests.filter { $0.suite == suite }
      lines.append("  <testsuite name=\"\(Self.escaped(suite))\"\(Self.totals(own))>")
      lines += own.map(Self.line(of:))
      lines.append("  </testsuite>")
    }
    return (lines + ["</testsuites>", ""]).joined(separator: "\n")
  }

  private static func totals(_ tests: [Test]) -> String {
    var (failures, errors, skipped) = (0, 0, 0)
    for test in tests {
      switch test.outcome {
      case .pass: break
      case .fail: failures += 1
      case .inconclusive: errors += 1
      case .skipped: skipped += 1
      }
    }
    return " tests=\"\(tests.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
  }

  private static func line(of test: Test) -> String {
    let start = "    <testcase classname=\"\(escaped(test.suite))\" name=\"\(escaped(test.name))\""
    func element(_ name: String, _ text: String) -> String {
      let first = text.split(separator: "\n").first.map(String.init) ?? ""
      return "\(start)><\(name) message=\"\(escaped(first))\">\(escaped(text))</\(name)></testcase>"
    }
    switch test.outcome {
    case .pass: return "\(start)/>"
    case .fail(let text): return element("failure", text)
    case .inconclusive(let text): return element("error", text)
    case .skipped(let text):
      return
        "\(start)><skipped message=\"\(escaped(text.split(separator: "\n").first.map(String.init) ?? ""))\"/></testcase>"
    }
  }

  /// Text as XML 1.0 can hold it: other control characters have no form there at all.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t": escaped += "\t"
      case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
        escaped.unicodeScalars.append(scalar)
      default: escaped += "\u{FFFD}"
      }
    }
    return escaped
  }
}
