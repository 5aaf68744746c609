import Certification

/// The known defects, and what became of each.
struct KillSection: Sendable {
  let matrix: Matrix?

  /// The kill matrix of a certificate.
  struct Matrix: Sendable {
    var matrixFigure: String
    var killedCount: String
    var passedCount: String
    var escaped: [String]
    var defectRows: [Row]
  }

  /// One defect.
  struct Row: Sendable {
    var defectAnchor: String
    var defectName: String
    var defectClass: String
    var defectSummary: String
    var defectCase: String
    var defectObservable: String
    var defectSamples: String
    var defectPower: String
    var defectFound: String
    var defectSources: [ShownSource]
    var defectBadge: Badge
  }

  init(_ report: Report) {
    guard let records = report.certificate.killMatrix, !records.isEmpty else {
      matrix = nil
      return
    }
    // A case that only defects are run on has no test of its own: its first defect tells what it is.
    let figure = KillMatrixFigure(records, powers: report.certificate.powerMatrix) { id in
      if let test = TestSection.anchor(of: id, in: report.certificate) { return "#\(test)" }
      return records.firstIndex { $0.caseID == id }.map { "#\(Self.anchor(of: $0))" }
    }
    let defects = records.filter { $0.category != .lossless }
    let variants = records.filter { $0.category == .lossless }
    matrix = Matrix(
      matrixFigure: figure.inline(id: "kill-matrix"),
      killedCount: "\(defects.filter { $0.verdict == .killed }.count) of \(defects.count)",
      passedCount: "\(variants.filter { $0.verdict == .passed }.count) of \(variants.count)",
      escaped: records.filter { !$0.isAsItMust }.map { OutsideText.shown($0.defect) },
      defectRows: records.enumerated().map { index, record in
        Row(record, anchor: Self.anchor(of: index), share: report.certificate.errorBudget.nominalShare)
      })
  }

  private static func anchor(of index: Int) -> String { "defect-\(index + 1)" }
}

extension KillSection.Row {
  fileprivate init(_ record: KillRecord, anchor: String, share: Double) {
    let found: String
    switch record.observable {
    case .exactLaw: found = "by enumeration"
    case .replay: found = "by replay"
    // Refused in spite of its p-value: by an outcome that the target never gives.
    default:
      found =
        record.verdict == .killed && record.pValue >= share
        ? "impossible outcome" : "p = \(ReportNumber.probability(record.pValue))"
    }
    self.init(
      defectAnchor: anchor, defectName: OutsideText.shown(record.defect), defectClass: record.category.rawValue,
      // The words are this package's own; a name that it does not know has none.
      defectSummary: Defect.named(record.defect)?.summary ?? "", defectCase: OutsideText.shown(record.caseID),
      defectObservable: record.observable.rawValue,
      defectSamples: record.samples == 0 ? "–" : NumberText.grouped(record.samples),
      defectPower: ReportNumber.power(record.predictedPower), defectFound: found,
      defectSources: record.source.prefix(8).map(ShownSource.init), defectBadge: Badge(record.verdict))
  }
}
