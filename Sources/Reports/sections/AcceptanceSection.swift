import Certification

/// How many tokens an evaluation of the target yields, by rule and shape.
struct AcceptanceSection: Sendable {
  let acceptance: Acceptance?

  /// The figure and its numbers.
  struct Acceptance: Sendable {
    var acceptanceFigure: String
    var acceptanceRows: [Row]
  }

  /// One rule and shape.
  struct Row: Sendable {
    var acceptanceRule: String
    var acceptanceShape: String
    var acceptanceCases: String
    var acceptanceLeast: String
    var acceptanceMean: String
    var acceptanceGreatest: String
    var acceptanceMost: String
  }

  init(_ report: Report) {
    let rows = Self.rows(report.cases)
    guard !rows.isEmpty else {
      acceptance = nil
      return
    }
    acceptance = Acceptance(
      acceptanceFigure: AcceptanceFigure(rows: rows).inline(id: "acceptance-plot"),
      acceptanceRows: rows.map { row in
        Row(
          acceptanceRule: OutsideText.shown(row.rule), acceptanceShape: row.shape.isEmpty ? "–" : row.shape,
          acceptanceCases: "\(row.values.count)",
          acceptanceLeast: ReportNumber.decimal(row.values.min() ?? 0, places: 3),
          acceptanceMean: ReportNumber.decimal(row.mean, places: 3),
          acceptanceGreatest: ReportNumber.decimal(row.values.max() ?? 0, places: 3),
          acceptanceMost: "\(row.most)")
      })
  }

  /// The cases that were run, by rule and shape, in the certificate's order.
  static func rows(_ cases: [ReportCase]) -> [AcceptanceFigure.Row] {
    var rows: [AcceptanceFigure.Row] = []
    for reportCase in cases where reportCase.record.targetEvaluations > 0 && reportCase.record.tokens > 0 {
      let record = reportCase.record
      let value = Double(record.tokens) / Double(record.targetEvaluations)
      if let index = rows.firstIndex(where: { $0.rule == record.rule && $0.shape == reportCase.shape }) {
        rows[index].values.append(value)
      } else {
        rows.append(
          AcceptanceFigure.Row(
            rule: record.rule, shape: reportCase.shape, most: reportCase.mostTokens, values: [value]))
      }
    }
    return rows
  }
}
