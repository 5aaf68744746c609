import Certification

/// The section on tests: at which error rates, and what every test found.
struct TestSection: Sendable {
  let falseFail: String
  let falsePass: String
  let effect: String
  let nominalShare: String
  let caseRows: [Row]
  let otherTests: OtherTests?

  /// A test as a row of a table.
  struct Row: Sendable {
    /// Where the row leads; empty for nowhere.
    var rowLink: String
    var rowAnchor: String
    var rowID: String
    var rowObservable: String
    var rowSamples: String
    var rowStatistic: String
    var rowDegrees: String
    var rowP: String
    var rowPower: String
    var rowBadge: Badge
  }

  /// The tests beside the cases.
  struct OtherTests: Sendable { var otherRows: [Row] }

  init(_ report: Report) {
    let budget = report.certificate.errorBudget
    falseFail = ReportNumber.rate(budget.falseFail)
    falsePass = ReportNumber.rate(budget.falsePass)
    effect = ReportNumber.rate(budget.effect)
    nominalShare = ReportNumber.scientific(budget.nominalShare, digits: 2)
    caseRows = report.cases.map { Row($0) }
    let observables = report.certificate.observables ?? []
    var rows = observables.enumerated().map { Row($1, number: $0 + 1) }
    if let report = report.certificate.transformers {
      rows += report.cases.enumerated().map { Row($1, of: report, number: observables.count + $0 + 1) }
    }
    otherTests = rows.isEmpty ? nil : OtherTests(otherRows: rows)
  }

  /// Where the page shows the test of an observable; `nil` where the certificate has none of that identifier.
  static func anchor(of id: String, in certificate: Certificate) -> String? {
    certificate.observables?.firstIndex { $0.id == id }.map { "test-\($0 + 1)" }
  }
}

extension TestSection.Row {
  fileprivate init(_ reportCase: ReportCase) {
    let record = reportCase.record
    // One cell tests nothing: a law of one sequence is judged by its impossible sequences alone.
    let isTested = record.degreesOfFreedom > 0 && record.samples > 0
    self.init(
      rowLink: reportCase.anchor, rowAnchor: "row-\(reportCase.number)", rowID: OutsideText.shown(record.id),
      rowObservable: "", rowSamples: NumberText.grouped(record.samples),
      rowStatistic: isTested ? ReportNumber.decimal(record.statistic, places: 1) : "–",
      rowDegrees: "\(record.degreesOfFreedom)", rowP: isTested ? ReportNumber.probability(record.pValue) : "–",
      rowPower: ReportNumber.power(record.power), rowBadge: Badge(record.verdict))
  }

  fileprivate init(_ record: TransformerRecord, of report: TransformerReport, number: Int) {
    let isTested = record.degreesOfFreedom > 0 && record.samples > 0
    self.init(
      rowLink: "", rowAnchor: "test-\(number)",
      rowID: OutsideText.shown("\(record.id), \(report.target.name)\(Self.arithmetic(report.target))"),
      rowObservable: "transformer", rowSamples: NumberText.grouped(record.samples),
      rowStatistic: isTested ? ReportNumber.decimal(record.statistic, places: 1) : "–",
      rowDegrees: "\(record.degreesOfFreedom)", rowP: isTested ? ReportNumber.probability(record.pValue) : "–",
      rowPower: "", rowBadge: Badge(record.verdict))
  }

  /// How the target computed, where that was not deterministically.
  private static func arithmetic(_ target: ModelFingerprint) -> String {
    guard let arithmetic = target.arithmetic else { return "" }
    guard let difference = target.difference else { return ", arithmetic: \(arithmetic)" }
    return ", arithmetic: \(arithmetic), whose logits differ from the deterministic ones by up to "
      + "\(ReportNumber.scientific(difference.largestLogit, digits: 2)), and laws by KL "
      + "\(ReportNumber.scientific(difference.meanDivergence, digits: 2)) on average and a total variation of up to "
      + "\(ReportNumber.scientific(difference.largestTotalVariation, digits: 2)), over \(difference.positions) positions"
  }

  fileprivate init(_ record: ObservableRecord, number: Int) {
    let isTested = record.degreesOfFreedom > 0
    self.init(
      rowLink: "", rowAnchor: "test-\(number)", rowID: OutsideText.shown(record.id),
      rowObservable: record.observable.rawValue, rowSamples: NumberText.grouped(record.samples),
      rowStatistic: isTested ? ReportNumber.decimal(record.statistic, places: 1) : "–",
      rowDegrees: "\(record.degreesOfFreedom)", rowP: isTested ? ReportNumber.probability(record.pValue) : "–",
      rowPower: "", rowBadge: Badge(record.verdict))
  }
}
