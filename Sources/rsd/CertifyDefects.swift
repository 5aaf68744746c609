import Certification
import Foundation

/// The part of `certify` beside the cases: the covering witnesses, and the known defects on them.
struct CertifyDefects {
  /// The tests beside the cases; *inconclusive* where the run was interrupted before they were done.
  var observables: [ObservableRecord]
  /// The known defects; `nil` where the run was interrupted before they were done.
  var killMatrix: [KillRecord]?
  /// Every defect on every case that declares one; `nil` where the run was interrupted before it was computed.
  var powerMatrix: PowerMatrix?

  /// Runs both.
  ///
  /// The defects come first: an interruption in either leaves a test beside the cases undone, and the run inconclusive.
  static func make(seed: UInt64, share: Double, threads: Int) async throws -> CertifyDefects {
    let line = ProgressLine()
    defer { line.clear() }
    let cases = try ObservableSuite.cases(share: share)
    if Interruption.isRequested { return CertifyDefects(observables: cases.map(ObservableRecord.init(unfinished:))) }
    let matrix = try KillMatrix(try WitnessFixture.embedded(), share: share)
    let records = try await matrix.run(
      seed: seed, threads: threads, isInterrupted: { Interruption.isRequested },
      progress: { line.show(finished: $0, of: $1 + cases.count, "\($0)/\($1) known defects") })
    var observables: [ObservableRecord] = []
    for (index, observableCase) in cases.enumerated() {
      line.show(finished: records.count + index, of: records.count + cases.count, observableCase.id)
      observables.append(
        Interruption.isRequested
          ? ObservableRecord(unfinished: observableCase) : try observableCase.run(seed: seed))
    }
    let isWhole = records.count == matrix.entries.count && matrix.uncovered.isEmpty
    guard isWhole else { return CertifyDefects(observables: observables) }
    let powers = try await matrix.powerMatrix(
      threads: threads, isInterrupted: { Interruption.isRequested },
      progress: { line.show(finished: $0, of: $1, "\($0)/\($1) rows of the kill matrix") })
    return CertifyDefects(observables: observables, killMatrix: records, powerMatrix: powers)
  }

  /// What was tested, a line each.
  var summary: [String] {
    var lines: [String] = []
    let passed = observables.filter { $0.verdict == .pass }.count
    let text = "\(passed) of \(observables.count) tests on the defects' own instances, independence, replay"
    if passed == observables.count {
      lines.append("passed: \(text)")
    } else if observables.contains(where: { $0.verdict == .fail }) {
      lines.append(Terminal.colored("FAILED: \(text)", .red))
    } else {
      lines.append(Terminal.colored("interrupted: \(text)", .yellow))
    }
    if let killMatrix { lines.append(KillTable.summary(killMatrix, uncovered: 0)) }
    return lines
  }
}
