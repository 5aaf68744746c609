import Certification

/// Which program was certified.
package struct PortIdentity: Hashable, Sendable, Codable {
  /// Its description of itself.
  package var hello: PortHello
  /// The command that starts it.
  package var command: String
  /// The files that the command names, with their hashes.
  package var files: [PortCommand.File]

  /// An identity.
  package init(hello: PortHello, command: PortCommand) {
    self.hello = hello
    self.command = command.text
    files = command.files()
  }
}

/// The part of a certificate about a port.
package struct PortReport: Hashable, Sendable, Codable {
  /// The port.
  package var port: PortIdentity
  /// ε, the limit, and the error rates of everything that is looked at again and again.
  package var design: AnytimeDesign
  /// The sampled cases, in the suite's order.
  package var cases: [PortCaseRecord]
  /// The checks, rule by rule.
  package var checks: [PortCheckRecord]
  /// The known defects that fit a rule's failed cases best; absent where none failed.
  package var diagnoses: [PortDiagnosis]?
  /// The observables that the port does not give; absent where nothing was left out.
  package var notLookedAt: [String]?
  /// Seconds that the port took to answer, over all workers.
  package var portSeconds: Double
  /// Seconds of the run, over all workers: what the port did not take is the suite's own.
  package var workerSeconds: Double

  /// The words for a port that gives no `secondRounds`.
  static let noSecondRounds = "lengths of later rounds are not looked at: the port gives no \"secondRounds\""
  /// The words for a port that gives no `rounds`.
  static let noRounds = "accepted lengths are not looked at: the port gives no \"rounds\""

  /// The observables that the counts of the cases leave out.
  var leftOut: [String] {
    let sampled = cases.filter {
      $0.samples > 0 && $0.failure == nil && $0.rule != "spectr" && $0.rule != "autoregressive"
    }
    var words: [String] = []
    if sampled.contains(where: { $0.planned == nil && $0.rounds == nil }) { words.append(Self.noRounds) }
    let later = sampled.filter { PortCase($0)?.testsSecondRounds == true && $0.planned == nil }
    if later.isEmpty && !sampled.isEmpty || later.contains(where: { $0.secondRounds == nil }) {
      words.append(
        later.isEmpty ? "lengths of later rounds are not looked at: none of these cases does" : Self.noSecondRounds)
    }
    return words
  }

  /// The statuses of everything.
  package var statuses: [PortStatus] { cases.map(\.status) + checks.map(\.status) }

  /// The worst of the statuses; without a pass nothing was certified.
  package var verdict: RunVerdict {
    let statuses = statuses
    if statuses.contains(.fail) { return .failed }
    // A port that samples is certified by what it sampled, and by no check alone; to refuse everything certifies nothing.
    let isSampled = cases.contains { $0.status == .pass }
    let isChecked = checks.contains { $0.status == .pass && $0.check != .refusals }
    let isEnough = cases.isEmpty || !port.hello.ops.contains("sample") ? isSampled || isChecked : isSampled
    return statuses.contains(.inconclusive) || !isEnough ? .inconclusive : .certified
  }

  /// The status of a rule: the worst of its tests, but that what is not supported hides nothing.
  package func status(ofRule rule: String) -> PortStatus {
    let statuses = cases.filter { $0.rule == rule }.map(\.status) + checks.filter { $0.rule == rule }.map(\.status)
    for status in [PortStatus.fail, .inconclusive, .pass] where statuses.contains(status) { return status }
    return .notSupported
  }

  /// The rules that occur, in the protocol's order.
  package var rules: [String] {
    let present = Set(cases.map(\.rule) + checks.map(\.rule))
    return PortProtocol.rules.filter(present.contains)
  }
}
