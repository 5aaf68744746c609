import Foundation
@testable import Ports
@testable import Reports
import Testing

@testable import Certification

/// JUnit XML of certificates, which hold texts of a port that nobody trusts.
@Suite struct JUnitReportTests {
  static func certificate(_ checks: [PortCheckRecord]) throws -> PortCertificate {
    let hello = PortHello(name: "p", version: "1", rules: ["sd"], ops: ["verify"])
    return PortCertificate(
      suite: .init(version: PortSuite.version, selection: "all"), seed: 1, errorBudget: PortSuite.errorBudget,
      port: PortReport(
        port: PortIdentity(hello: hello, command: PortCommand("p")), design: try PortSuite.design(), cases: [],
        checks: checks, portSeconds: 0, workerSeconds: 0))
  }

  static func check(_ status: PortStatus, _ reason: String?, log: String = "") -> PortCheckRecord {
    PortCheckRecord(
      id: "vectors/sd", check: .vectors, rule: "sd", counts: [:], status: status, reason: reason,
      failure: log.isEmpty ? nil : PortFailure(.died, "it died", log: log))
  }

  @Test func everyStatusHasItsElement() throws {
    let xml = JUnitReport(
      try Self.certificate([
        Self.check(.pass, nil), Self.check(.fail, "wrong"), Self.check(.inconclusive, "late"),
        Self.check(.notSupported, "not offered"),
      ])
    ).xml
    #expect(xml.contains("<testsuite name=\"sd\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\">"))
    #expect(xml.contains("<testcase classname=\"sd\" name=\"vectors/sd\"/>"))
    #expect(xml.contains("<failure message=\"wrong\">wrong</failure>"))
    #expect(xml.contains("<error message=\"late\">late</error>"))
    #expect(xml.contains("<skipped message=\"not offered\"/>"))
  }

  @Test func nothingOfAPortIsMarkup() throws {
    let hostile = "\"><script>&'\u{0}\u{1B}[31m\u{FFFF}\u{202E}]]>\nsecond line"
    let xml = JUnitReport(try Self.certificate([Self.check(.fail, hostile, log: hostile)])).xml
    #expect(!xml.contains("<script") && !xml.contains("]]>"))
    let isAllowed = xml.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF)
    }
    #expect(isAllowed)
    #expect(xml.split(separator: "\n").count == 6)
  }
}
