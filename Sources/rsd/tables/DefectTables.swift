import Certification
import Foundation

/// The defects as a table in Markdown, for docs/defects.md.
enum DefectTable {
  /// - Parameter declaring: the case that declares each defect.
  static func markdown(_ declaring: [String: String]) -> String {
    var lines = ["| Defect | What is wrong | Caught by | Found in |", "| --- | --- | --- | --- |"]
    for defect in Defect.all {
      let sources = defect.sources.map { source in
        source.link.map { "[\(escaped(source.name))](\($0))" } ?? escaped(source.name)
      }
      lines.append(
        "| `\(defect.id)` | \(escaped(defect.summary)) | \(caught(by: declaring[defect.id], defect)) "
          + "| \(sources.joined(separator: "; ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The case, with a link to what it is: the witnesses' models, the vectors, or the code of the case.
  private static func caught(by caseID: String?, _ defect: Defect) -> String {
    guard let caseID else { return defect.observable.rawValue }
    let target =
      switch defect.observable {
      case .vector: "vectors.md"
      case .independence, .replay: "../Sources/Certification/defects/observables/ObservableSuite.swift"
      default:
        caseID.contains("/witness-")
          ? "../Fixtures/witnesses/witnesses.json" : "../Sources/Certification/defects/killmatrix/KillMatrix.swift"
      }
    return "[`\(caseID)`](\(target))"
  }

  /// A cell's text: what Markdown would read as a mark stands for itself.
  private static func escaped(_ text: String) -> String {
    String(text.flatMap { "|*_<>[]".contains($0) ? ["\\", $0] : [$0] })
  }
}

/// The kill matrix as a person reads it.
enum KillTable {
  static func row(_ record: KillRecord) -> String {
    let verdict =
      switch record.verdict {
      case .killed, .passed: Terminal.colored(record.verdict.rawValue, .green)
      case .missed, .refused: Terminal.colored(record.verdict.rawValue.uppercased(), .red)
      }
    return [
      Terminal.padded(record.defect, to: 32), Terminal.padded(record.observable.rawValue, to: 15),
      Terminal.padded(CertifyTable.grouped(record.samples), to: 10, right: true),
      Terminal.padded(CertifyTable.power(record.predictedPower), to: 8, right: true), verdict,
    ].joined(separator: "  ")
  }

  /// The last line.
  ///
  /// - Parameters:
  ///   - unrun: what an interruption left out.
  ///   - uncovered: how many no case declares.
  static func summary(_ records: [KillRecord], unrun: [Defect] = [], uncovered: Int) -> String {
    let counted = { (verdict: KillRecord.Verdict) in records.filter { $0.verdict == verdict }.count }
    let unrunVariants = unrun.filter(\.isLossless).count
    let defects = counted(.killed) + counted(.missed) + uncovered + unrun.count - unrunVariants
    return "\(counted(.killed)) of \(defects) defects killed, \(counted(.passed)) of "
      + "\(counted(.passed) + counted(.refused) + unrunVariants) lossless variants pass"
      + (unrun.isEmpty ? "" : "; \(unrun.count) were not run")
  }
}
