import Certification
import Foundation
import SpeculativeDecoding

/// The part of `certify` that no sample can give: proofs by enumeration, and what rounding does.
struct CertifyProofs {
  /// The proofs of the selection; `nil` for none.
  var report: ProofReport?
  /// The rounding of every rule; `nil` where the run was interrupted before it.
  var rounding: [RoundingCertificate]?

  /// The results of proofs and measurements, a line each.
  var summary: [String] {
    var lines: [String] = []
    if let report {
      let counted = { (verdict: ProofRecord.Verdict) in report.cases.filter { $0.verdict == verdict }.count }
      let word =
        switch report.verdict {
        case .certified: Terminal.colored("proved", .green)
        case .failed: Terminal.colored("REFUTED", .red)
        case .inconclusive: Terminal.colored("unfinished", .yellow)
        }
      let branches = report.cases.reduce(0) { $0 + $1.branches }
      lines.append(
        "\(word): \(counted(.proved)) of \(report.cases.count) cases in exact fractions, over "
          + "\(CertifyTable.grouped(branches)) branches")
      for record in report.cases where record.verdict == .refuted {
        lines.append("  \(record.id): see `rsd prove --cases '\(record.id)'`")
      }
    }
    if let rounding {
      func worst(_ scalar: String) -> String {
        let values = rounding.filter { $0.scalar == scalar && $0.uniformBits == 53 }.map(\.totalVariation)
        return String(format: "%.1e", values.max() ?? 0)
      }
      lines.append(
        "rounding: moves a round's law by at most \(worst("Double")) in Double, \(worst("Float")) in Float")
    }
    return lines
  }
}
