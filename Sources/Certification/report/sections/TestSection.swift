/// What was tested, at which error rates, and what every test found.
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
    otherTests = report.certificate.observables.flatMap { records in
      records.isEmpty ? nil : OtherTests(otherRows: records.enumerated().map { Row($1, number: $0 + 1) })
    }
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
