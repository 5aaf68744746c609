import Certification
import Foundation
import SpeculativeDecoding
import Transformer

/// The part of `certify` over a transformer and its draft: the embedded pair in the default suite, or models of the user's.
struct CertifyTransformers {
  /// What proposes, and what the certificate says of it.
  typealias Draft = (model: DraftModel, fingerprint: DraftFingerprint)

  let target: (model: TransformerModel, fingerprint: ModelFingerprint)
  let draft: Draft
  let suite: TransformerSuite
  let budget: ErrorBudget
  let seed: UInt64
  let threads: Int
  let json: Bool

  /// The suite's name where the models are the user's.
  static let suiteVersion = "custom/transformers-1"

  /// What was found, and how many cases an interruption left out of it, before their laws were known.
  typealias Result = (report: TransformerReport, unrun: Int)

  /// Plans the cases, decodes them, and prints a row for each as it is judged.
  func run(samples: Int? = nil) async throws -> Result {
    let line = ProgressLine()
    defer { line.clear() }
    guard let cases = try plan(samples: samples, line) else {
      return (TransformerReport(target: target.fingerprint, draft: draft.fingerprint, cases: []), suite.count)
    }
    line.clear()
    let table = TransformerTable(cases)
    if !json { Output.line(table.header) }
    var records: [TransformerRecord] = []
    for (index, testCase) in cases.enumerated() {
      let options = SuiteRunner.Options(
        seed: seed, threads: threads, isInterrupted: { Interruption.isRequested },
        progress: { progress in
          line.show(
            finished: index * progress.rounds + progress.finishedRounds, of: cases.count * progress.rounds,
            "\(index)/\(cases.count) \(progress.current)")
        })
      let runner = TransformerRunner(target: target.model, draft: draft.model, options)
      let record = try await runner.run(testCase, budget) ?? TransformerRecord(unfinished: testCase)
      records.append(record)
      line.clear()
      if !json { Output.line(table.row(record)) }
    }
    return (TransformerReport(target: target.fingerprint, draft: draft.fingerprint, cases: records), 0)
  }

  /// The cases with their laws, before any data; `nil` where that was interrupted.
  private func plan(samples: Int?, _ line: ProgressLine) throws -> [TransformerCase]? {
    do {
      return try suite.cases(target: target.model, draft: draft.model, budget: budget, samples: samples) { done, most in
        line.show(finished: done, of: most, "laws after \(done) texts")
        return !Interruption.isRequested
      }
    } catch CertificationError.decoding(_, .interrupted) {
      return nil
    }
  }
}

/// The table of cases over transformers: a row a case.
struct TransformerTable {
  private let width: Int
  /// The columns that are shown, after the case's.
  private let columns: [Int]
  private static let titles = ["N", "passes", "p", "p (lengths)", "power", "per round", "verdict"]
  private static let widths = [9, 8, 7, 11, 8, 9, 12]
  /// Where the terminal is narrow: the two tests and the verdict.
  private static let narrow = [2, 3, 6]

  init(_ cases: [TransformerCase], columns available: Int? = Terminal.columns) {
    let width = max(4, cases.map(\.id.count).max() ?? 0)
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
      String(format: "%.3f", record.blockEfficiency),
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
