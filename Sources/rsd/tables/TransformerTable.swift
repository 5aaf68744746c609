import Certification
import CertificationTransformers
import Foundation
import SpeculativeDecoding

/// The table of cases over transformers: a row a case.
struct TransformerTable {
  private let width: Int
  /// The columns that are shown, after the case's.
  private let columns: [Int]
  private static let titles = ["N", "passes", "p", "p (lengths)", "power", "per round", "verdict"]
  private static let widths = [9, 8, 7, 11, 8, 9, 12]
  /// Where the terminal is narrow: the two tests and the verdict.
  private static let narrow = [2, 3, 6]

  init(_ cases: [String], columns available: Int? = Terminal.columns) {
    let width = max(4, cases.map(\.count).max() ?? 0)
    let wide = Array(Self.titles.indices)
    let needed = wide.reduce(width) { $0 + 2 + Self.widths[$1] }
    columns = available.map { $0 < needed } ?? false ? Self.narrow : wide
    self.width = width
  }

  var header: String { Terminal.colored(line(["case"] + columns.map { Self.titles[$0] }), .bold) }

  func row(_ record: TransformerRecord) -> String {
    let cells = [
      CertifyTable.grouped(record.samples), CertifyTable.grouped(record.forwardPasses),
      record.degreesOfFreedom > 0 ? CertifyTable.probability(record.pValue) : "–",
      record.acceptancePValue.map(CertifyTable.probability) ?? "–", CertifyTable.power(record.power),
      String(format: "%.3f", record.own.blockEfficiency),
    ]
    let shown = columns.dropLast().map { cells[$0] }
    return "\(line([record.id] + shown))  \(CertifyTable.colored(record.verdict))"
  }

  private func line(_ texts: [String]) -> String {
    let words = texts.enumerated().map { index, text in
      if index == 0 { return Terminal.padded(text, to: width) }
      let column = columns[index - 1]
      return Terminal.padded(text, to: Self.widths[column], right: column < Self.titles.count - 1)
    }
    var line = words.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
