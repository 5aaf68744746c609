import Certification
import Foundation

/// The part of `certify` beside the cases: the covering witnesses, and the known defects on them.
struct CertifyDefects {
  /// The tests beside the cases; *inconclusive* where the run was interrupted before they were done.
  var observables: [ObservableRecord]
  /// The known defects; `nil` where the run was interrupted before they were done.
  var killMatrix: [KillRecord]?

  /// The results of the tests, a line each.
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
