import Certification
import CertificationTransformers
import Foundation
import Reports

/// Comparisons and sweeps as a person reads them; 80 columns.
enum ComparisonTable {
  static func text(_ report: ComparisonReport, _ models: TransformerOptions) -> String {
    var lines = [
      "\(models.targetName) with \(models.shownDraft), target budget \(report.budget)",
      "\(report.texts) texts of up to \(report.tokens) tokens, seed \(report.seed), ± 95 %", "",
    ]
    if !report.rows.isEmpty { lines += table(report.rows) }
    if !report.orderings.isEmpty { lines += [""] + report.orderings.map(sentence) + [conclusion(report)] }
    if !report.isComplete { lines.append(interruption(report.texts)) }
    return lines.joined(separator: "\n")
  }

  static func text(_ report: ShapeSweep.Report, _ models: TransformerOptions) -> String {
    var lines = [
      "\(models.targetName) with \(models.shownDraft), \(report.shapes) shapes tried",
      "finalists: \(report.texts) texts of up to \(report.tokens) tokens, seed \(report.seed), ± 95 %", "",
    ]
    if !report.rows.isEmpty { lines += table(report.rows) }
    let promised = report.rows.compactMap { row in
      row.promisedTokensPerSecond.map { "\(row.rule) \(compact(row.shape)) \(number($0, 0))" }
    }
    if !promised.isEmpty { lines += ["", "Promised tokens/s: " + promised.joined(separator: ", ")] }
    if let fastest = report.rows.first { lines += ["", verdict(fastest, report.rows)] }
    if !report.isComplete { lines.append(interruption(report.texts)) }
    return lines.joined(separator: "\n")
  }

  private static func verdict(_ fastest: ComparisonReport.Row, _ rows: [ComparisonReport.Row]) -> String {
    func name(_ row: ComparisonReport.Row) -> String { "\(row.rule) \(compact(row.shape))" }
    if fastest.budget > 0 {
      return "Fastest on this machine: \(name(fastest)), \(number(fastest.tokensPerSecond, 0)) tokens/s, "
        + "×\(figure(fastest.speedUp, 2)) of plain decoding."
    }
    let next = rows.first { $0.budget > 0 }.map { "; next \(name($0)), ×\(figure($0.speedUp, 2)) of it" } ?? ""
    return "Fastest on this machine: plain decoding, \(number(fastest.tokensPerSecond, 0)) tokens/s\(next)."
  }

  private static let titles = [
    "rule", "shape", "budget", "block eff.", "accept", "MBSU", "tokens/s", "× plain",
  ]

  private static func table(_ rows: [ComparisonReport.Row]) -> [String] {
    let cells = [titles] + rows.map(Self.cells)
    let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.enumerated().map { index, row in
      let text = row.indices.map { Terminal.padded(row[$0], to: widths[$0], right: $0 > 1) }.joined(separator: "  ")
      return index == 0 ? Terminal.colored(text, .bold) : text
    }
  }

  private static func cells(_ row: ComparisonReport.Row) -> [String] {
    [
      row.rule, compact(row.shape), "\(row.budget)", figure(row.blockEfficiency, 2),
      row.budget == 0 ? "–" : number(row.acceptance, 3), number(row.memoryBoundSpeedUp, 2),
      number(row.tokensPerSecond, 0), figure(row.speedUp, 2),
    ]
  }

  private static func interruption(_ texts: Int) -> String {
    texts == 0
      ? "Interrupted: no text was decoded by all methods yet."
      : "Interrupted: the figures are those of the texts that all methods have."
  }

  private static func sentence(_ ordering: ComparisonReport.Ordering) -> String {
    let difference = "\(ordering.ahead) − \(ordering.behind) = \(signed(ordering.difference.value))"
    guard let halfWidth = ordering.difference.halfWidth else { return "\(difference), without an interval" }
    let verdict =
      switch ordering.verdict {
      case .holds: "\(ordering.ahead) ≥ \(ordering.behind) holds"
      case .fails: "\(ordering.ahead) ≥ \(ordering.behind) does not hold"
      case .open: "open: 0 is inside the interval"
      }
    return "\(difference) ± \(number(halfWidth, 3)): \(verdict)"
  }

  /// One sentence on the paper's order.
  private static func conclusion(_ report: ComparisonReport) -> String {
    let order = (report.orderings.first.map { [$0.ahead] } ?? []) + report.orderings.map(\.behind)
    let chain = order.joined(separator: " ≥ ")
    let failing = report.orderings.filter { $0.verdict == .fails }
    let open = report.orderings.filter { $0.verdict == .open }
    func names(_ orderings: [ComparisonReport.Ordering]) -> String {
      orderings.map { "\($0.ahead) ≥ \($0.behind)" }.joined(separator: ", ")
    }
    if !failing.isEmpty {
      return "Block efficiency \(chain) did not hold at budget \(report.budget): not \(names(failing))"
        + (open.isEmpty ? "." : "; open: \(names(open)).")
    }
    if !open.isEmpty {
      return "Block efficiency \(chain) is not shown at budget \(report.budget); open: \(names(open))."
    }
    return "Block efficiency \(chain) held at budget \(report.budget)."
  }

  /// A value and its interval; of large ones fewer digits, so that a column keeps its width on a busy machine.
  static func figure(_ figure: ComparisonReport.Figure, _ digits: Int) -> String {
    let largest = max(abs(figure.value), figure.halfWidth ?? 0)
    let digits = largest.isFinite && largest >= 10 ? max(0, digits - Int(log10(largest))) : digits
    let value = number(figure.value, digits)
    guard let halfWidth = figure.halfWidth else { return value }
    return "\(value) ± \(number(halfWidth, digits))"
  }

  private static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + number(abs(value), 3)
  }

  /// A shape in which a long run of one factor is written once, such as 2-1×14.
  static func compact(_ shape: String) -> String {
    if shape.isEmpty { return "–" }
    var parts: [(factor: Substring, count: Int)] = []
    for factor in shape.split(separator: "-") {
      if parts.last?.factor == factor { parts[parts.count - 1].count += 1 } else { parts.append((factor, 1)) }
    }
    return parts.map { part in
      part.count > 3
        ? "\(part.factor)×\(part.count)"
        : Array(repeating: String(part.factor), count: part.count).joined(separator: "-")
    }.joined(separator: "-")
  }

  private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
