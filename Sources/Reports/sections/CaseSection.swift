import Certification
import Probability
import ToyModels

/// Every case: what was expected and what was observed, cell by cell.
struct CaseSection: Sendable {
  /// The case that was asked for, or that tells most; empty without cases.
  let chosenCase: [Detail]
  let otherCases: [Group]

  /// The other cases of one rule.
  struct Group: Sendable {
    var groupName: String
    var groupCount: String
    var groupDetails: [Detail]
  }

  /// One case.
  struct Detail: Sendable {
    var detailAnchor: String
    var detailID: String
    var detailIsOpen: Bool
    var detailP: String
    var detailBadge: Badge
    var detailFacts: [VerdictSection.Term]
    /// The drawing; empty where there is none.
    var detailFigure: String
    /// Why there is no drawing; empty where there is one.
    var detailMissing: String
    var detailCells: [CellRow]
    var detailCellCount: String
    var detailTarget: [ModelRow]
    var detailDraft: [ModelRow]
  }

  /// One cell.
  struct CellRow: Sendable {
    var cellOutcome: String
    var cellExpected: String
    var cellObserved: String
    var cellResidual: String
  }

  /// The law after some last tokens.
  struct ModelRow: Sendable {
    var modelContext: String
    var modelLaw: String
  }

  /// The most bytes that the drawings of cases may take together; failures and the open case are drawn beyond it.
  static let figureBytes = 700_000
  /// The cells listed for each case.
  static let listedCells = 8

  init(_ report: Report) {
    var bytes = 0
    var chosen: [Detail] = []
    var groups: [Group] = []
    for reportCase in report.cases {
      let isOpen = chosen.isEmpty && reportCase.record.id == report.openCase
      var detail = Detail(reportCase, isOpen: isOpen)
      bytes += detail.detailFigure.utf8.count
      if bytes > Self.figureBytes, !isOpen, reportCase.record.verdict != .fail {
        bytes -= detail.detailFigure.utf8.count
        detail.detailFigure = ""
        detail.detailMissing = "Not drawn, to keep this page small: name the case with rsd report --case."
      }
      if isOpen {
        chosen.append(detail)
      } else if let index = groups.firstIndex(where: { $0.groupName == reportCase.record.rule }) {
        groups[index].groupDetails.append(detail)
      } else {
        groups.append(Group(groupName: reportCase.record.rule, groupCount: "", groupDetails: [detail]))
      }
    }
    chosenCase = chosen
    otherCases = groups.map { group in
      let count = group.groupDetails.count
      return Group(
        groupName: group.groupName, groupCount: count == 1 ? "one case" : "\(count) cases",
        groupDetails: group.groupDetails)
    }
  }
}

extension CaseSection.Detail {
  fileprivate init(_ reportCase: ReportCase, isOpen: Bool) {
    let record = reportCase.record
    let cells = reportCase.cells
    let isTested = record.degreesOfFreedom > 0 && record.samples > 0
    let missing =
      record.samples == 0
      ? "Nothing was decoded, so that there is nothing to compare."
      : cells.isEmpty ? "The counts are not those of the case." : ""
    let largest = cells.sorted { abs($0.residual) > abs($1.residual) }.prefix(CaseSection.listedCells)
    self.init(
      detailAnchor: reportCase.anchor, detailID: OutsideText.shown(record.id), detailIsOpen: isOpen,
      detailP: isTested ? "p = \(ReportNumber.probability(record.pValue))" : "one cell",
      detailBadge: Badge(record.verdict), detailFacts: Self.facts(reportCase),
      detailFigure: cells.isEmpty ? "" : ObservedExpectedFigure(cells).inline(id: "\(reportCase.anchor)-figure"),
      detailMissing: missing,
      detailCells: largest.map { cell in
        CaseSection.CellRow(
          cellOutcome: OutsideText.shown(cell.outcome), cellExpected: ReportNumber.expected(cell.expected),
          cellObserved: NumberText.grouped(cell.observed), cellResidual: ReportNumber.signed(cell.residual))
      },
      detailCellCount: NumberText.grouped(cells.count), detailTarget: Self.rows(record.target),
      detailDraft: Self.rows(record.draft))
  }

  private static func facts(_ reportCase: ReportCase) -> [VerdictSection.Term] {
    let record = reportCase.record
    let profile = record.profile
    var shaping: [String] = []
    if profile.temperature != 1 { shaping.append("temperature \(profile.temperature)") }
    if profile.topK != 0 { shaping.append("top-k \(profile.topK)") }
    if profile.topP != 1 { shaping.append("top-p \(profile.topP)") }
    if profile.minP != 0 { shaping.append("min-p \(profile.minP)") }
    let rounds = record.rounds.compactMap { key, count in Int(key).map { ($0, count) } }.sorted { $0.0 < $1.0 }
    let total = Double(rounds.reduce(0) { $0.addingReportingOverflow($1.1).partialValue })
    let shares = rounds.prefix(12).map { tokens, count in
      "\(tokens): \(ReportNumber.decimal(100 * Double(count) / max(total, 1), places: 1)) %"
    }
    let prompt = record.prompt.prefix(24).map(String.init).joined(separator: " ")
    func term(_ name: String, _ text: String) -> VerdictSection.Term { .init(termName: name, termText: text) }
    return [
      term("Rule and shape", "\(record.rule) \(reportCase.shape)"),
      term("Tokens tested jointly", "\(record.length)"),
      term("Prompt", prompt.isEmpty ? "none" : prompt),
      term("Profile", shaping.isEmpty ? "plain" : shaping.joined(separator: ", ")),
      term("End token", record.endToken.map(String.init) ?? "none"),
      term("Impossible sequences met", NumberText.grouped(record.impossible)),
      term("Tokens of the first round", shares.isEmpty ? "none" : shares.joined(separator: ", ")),
    ]
  }

  /// The rows of a model, shortest context first; large models are cut.
  private static func rows(_ document: ModelDocument) -> [CaseSection.ModelRow] {
    let sorted = document.rows.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
    return sorted.prefix(9).map { key, row in
      let entries = row.prefix(12).map { entry in
        switch entry {
        case .number(let value): "\(value)"
        case .fraction(let value): value.description
        }
      }
      return CaseSection.ModelRow(
        modelContext: key.isEmpty ? "start" : OutsideText.label(key, room: 40),
        modelLaw: OutsideText.label(entries.joined(separator: "  ") + (row.count > 12 ? "  …" : ""), room: 300))
    } + (sorted.count > 9 ? [CaseSection.ModelRow(modelContext: "…", modelLaw: "\(sorted.count - 9) more")] : [])
  }
}
