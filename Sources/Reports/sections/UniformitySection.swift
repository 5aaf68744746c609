import Certification
import Statistics

/// Whether the p-values of the cases look like p-values of a correct decoder.
struct UniformitySection: Sendable {
  let plot: Plot?

  /// The plot and its test.
  struct Plot: Sendable {
    var uniformityFigure: String
    var uniformityCount: String
    var uniformityDistance: String
    var uniformityP: String
    var uniformityBand: String
  }

  init(_ report: Report) throws(CertificationError) {
    let tested = report.certificate.cases.filter { $0.degreesOfFreedom > 0 && $0.samples > 0 }.map(\.pValue)
      .filter { (0...1).contains($0) }
    do {
      plot = try UniformityFigure(tested).map(Plot.init)
    } catch {
      throw .statistics(place: "the p-values of the cases", error)
    }
  }
}

extension UniformitySection.Plot {
  fileprivate init(_ figure: UniformityFigure) {
    self.init(
      uniformityFigure: figure.inline(id: "uniformity-plot"), uniformityCount: "\(figure.values.count)",
      uniformityDistance: ReportNumber.decimal(figure.test.statistic, places: 3),
      uniformityP: ReportNumber.probability(figure.test.pValue),
      uniformityBand: ReportNumber.decimal(figure.halfWidth, places: 3))
  }
}
