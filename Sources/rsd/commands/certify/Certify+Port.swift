import Certification
import Foundation
import Ports
import Reports
import SpeculativeDecoding

/// A run against a decoder that someone else wrote.
extension Certify {
  /// A run against a port alone.
  func certifyPort() async throws -> ExitStatus {
    guard let text = ports.port else { return .usage }
    let (cases, checks, reference) = try await explainingErrors { try choosePortCases() }
    let design = try await explainingErrors {
      try PortSuite.design(
        epsilon: anytime.epsilon ?? AnytimeDesign.portEpsilon, limit: anytime.limit ?? AnytimeDesign.defaultLimit)
    }
    if list {
      if json {
        Output.write(try StableJSON.encode(PortTest.list(cases, checks)))
      } else {
        for instance in cases { Output.line(instance.id) }
        for check in checks { Output.line(check.id) }
      }
      return .certified
    }
    let options = PortRunner.Options(
      seed: chooseSeed() ?? PortSuite.seed, workers: ports.workers ?? 1,
      timeout: ports.timeout?.seconds ?? PortOptions.defaultTimeout,
      seconds: ports.budget?.seconds ?? PortOptions.defaultBudget)
    let run = CertifyPort(
      command: PortCommand(text), cases: cases, checks: checks, suite: reference, design: design, options: options,
      json: json)
    Interruption.begin()
    // The port is to be ended too, also where nobody reads what is printed any more.
    Output.atFailure(.stops)
    let certificate = try await run.run()
    try await finish(
      try certificate.json(), page: { try Report(checking: certificate).html() }, junit: JUnitReport(certificate)
    ) { PortTable.summary(certificate, path: $0, page: $1) }
    return certificate.verdict.exitStatus
  }

  /// The cases and checks of a port's run, and what the certificate calls the selection.
  private func choosePortCases() throws -> ([PortCase], [PortCheckPlan], SuiteReference) {
    if models.isGiven {
      let suite = try models.suite(
        rules: rules, shape: shape, profile: try profile.profile(), length: window.length)
      return (suite.cases.map { PortCase($0) }, [], .init(version: suite.version, selection: "custom"))
    }
    let selection = PortSelection(isQuick: quick, rules: rule.isEmpty ? nil : rules.map(\.name), pattern: cases)
    let chosen = try PortSuite.select(selection)
    if chosen.cases.isEmpty, chosen.checks.isEmpty { throw CertificationError.noCases(cases ?? selection.name) }
    return (chosen.cases, chosen.checks, .init(version: PortSuite.version, selection: selection.name))
  }
}

/// A test of a port's run, as `--list --json` prints it.
struct PortTest: Encodable {
  enum Kind: String, Encodable { case sampled, checked }

  let id, rule: String
  let kind: Kind

  static func list(_ cases: [PortCase], _ checks: [PortCheckPlan]) -> [PortTest] {
    cases.map { PortTest(id: $0.id, rule: $0.rule.name, kind: .sampled) }
      + checks.map { PortTest(id: $0.id, rule: $0.rule.name, kind: .checked) }
  }
}
