import Certification
import Foundation

/// The part of `certify` beside the cases: the covering witnesses, and the known defects on them.
struct CertifyDefects {
  /// The tests beside the cases; `nil` where the run was interrupted before they were done.
  var observables: [ObservableRecord]?
  /// The known defects; `nil` where the run was interrupted before they were done.
  var killMatrix: [KillRecord]?

  /// Runs both.
  static func make(seed: UInt64, share: Double, threads: Int) async throws -> CertifyDefects {
    let line = ProgressLine()
    defer { line.clear() }
    var observables: [ObservableRecord] = []
    let cases = try ObservableSuite.cases(share: share)
    for (index, observableCase) in cases.enumerated() {
      if Interruption.isRequested { return CertifyDefects() }
      line.show(finished: index, of: cases.count + Defect.all.count, observableCase.id)
      observables.append(try observableCase.run(seed: seed))
    }
    let matrix = try KillMatrix(try WitnessFixture.embedded(), share: share)
    let records = try await matrix.run(
      seed: seed, threads: threads, isInterrupted: { Interruption.isRequested },
      progress: { line.show(finished: cases.count + $0, of: cases.count + $1, "\($0)/\($1) known defects") })
    guard records.count == matrix.entries.count, matrix.uncovered.isEmpty else {
      return CertifyDefects(observables: observables)
    }
    return CertifyDefects(observables: observables, killMatrix: records)
  }

  /// What was tested, a line each.
  var summary: [String] {
    var lines: [String] = []
    if let observables {
      let passed = observables.filter { $0.verdict == .pass }.count
      let text =
        "\(passed) of \(observables.count) tests on the defects' own instances, independence, replay"
      lines.append(passed == observables.count ? "passed: \(text)" : Terminal.colored("FAILED: \(text)", .red))
    }
    if let killMatrix { lines.append(KillTable.summary(killMatrix, uncovered: 0)) }
    return lines
  }
}
