import Certification
import Statistics

/// The cells of one case: above, what was expected and what was observed; below, how far they are apart.
struct ObservedExpectedFigure: Hashable, Sendable {
  /// One cell of the chi-square.
  struct Cell: Hashable, Sendable {
    /// The sequence, or what the rare cell holds.
    var outcome: String
    /// The expected count.
    var expected: Double
    /// The count.
    var observed: Int
    /// (observed − expected) / √(expected · (1 − p)), which is about standard normal for a correct decoder.
    var residual: Double
  }

  /// The cells that are drawn, the most probable first.
  let cells: [Cell]
  /// How many there are.
  let count: Int
  /// The residual at the ends of the scale: 4, or what the largest needs.
  let residualReach: Double
  private let counts: Axis
  /// The most that are drawn.
  static let limit = 400

  /// The figure of these cells, the most probable first.
  init(_ all: [Cell]) {
    count = all.count
    cells = Array(all.prefix(Self.limit))
    residualReach = max(4, (cells.map { abs($0.residual) }.max() ?? 0).rounded(.up))
    let values = cells.flatMap { [$0.expected, Double($0.observed)] }.filter { $0 > 0 }
    counts = Axis((values.min() ?? 1) * 0.8, (values.max() ?? 10) * 1.25, from: 186, to: 12, .logarithmic)
  }
}

extension ObservedExpectedFigure {
  /// The cells of a plan, the most probable first and the rare one last.
  ///
  /// - Parameter counts: of the outcomes, in the order of the plan's probabilities.
  static func cells(_ plan: CellPlan, counts: [Int], name: (Int) -> String) -> [Cell] {
    let samples = Double(plan.samples)
    func cell(_ outcome: String, _ probability: Double, _ observed: Int) -> Cell {
      let expected = probability * samples
      let deviation = (expected * (1 - probability)).squareRoot()
      let residual = deviation > 0 ? (Double(observed) - expected) / deviation : 0
      return Cell(outcome: outcome, expected: expected, observed: observed, residual: residual)
    }
    var cells = plan.separate.map { cell(name($0), plan.probabilities[$0], counts[$0]) }
    if !plan.pooled.isEmpty {
      let observed = plan.pooled.reduce(0) { $0 + counts[$1] }
      let words = plan.pooled.count == 1 ? name(plan.pooled[0]) : "\(plan.pooled.count) rare sequences together"
      cells.append(cell(words, plan.pooledMass, observed))
    }
    return cells
  }
}

extension ObservedExpectedFigure: Figure {
  var title: String { "Observed against expected counts of \(count) cells" }

  var summary: String {
    let largest = cells.max { abs($0.residual) < abs($1.residual) }
    let within = cells.filter { abs($0.residual) <= 2 }.count
    return """
      Above, the expected counts as a line and the observed ones as dots, cell by cell. Below, the standardised \
      residuals: \(within) of \(cells.count) lie within 2 to both sides, and the largest is \
      \(ReportNumber.signed(largest?.residual ?? 0)).
      """
  }

  var size: (width: Double, height: Double) { (640, 330) }

  private var horizontal: Axis { Axis(0, Double(max(cells.count, 1)), from: 62, to: 630) }
  private var residuals: Axis { Axis(-residualReach, residualReach, from: 290, to: 210) }
  /// Where the observed counts are drawn.
  var points: [(x: Double, y: Double)] {
    cells.enumerated().map { (horizontal.place(Double($0) + 0.5), counts.place(Double($1.observed))) }
  }

  var content: [SVG] { upper + lower }

  private var upper: [SVG] {
    var parts: [SVG] = [.rectangle("plot", 62, 12, 568, 174)]
    var ticks = SVGPath()
    for tick in counts.ticks(4) {
      ticks.line(from: (57, counts.place(tick)), to: (62, counts.place(tick)))
      let text = ReportNumber.plainCount(tick)
      parts.append(.label(text, 53, counts.place(tick) + 4, kind: "label small", anchor: "end"))
    }
    parts += SVG.path("axis", ticks)
    var steps = SVGPath()
    for (index, cell) in cells.enumerated() {
      let y = counts.place(cell.expected)
      steps.line(from: (horizontal.place(Double(index)), y), to: (horizontal.place(Double(index) + 1), y))
    }
    parts += SVG.path("expected", steps)
    var dots = SVGPath()
    for point in points { dots.point(point.x, point.y) }
    parts += SVG.path(cells.count > 120 ? "dots fine" : "dots", dots)
    // The line falls to the right, so that this corner is free.
    parts.append(.line("expected", from: (470, 28), to: (492, 28)))
    parts.append(.label("expected", 498, 32, kind: "label small"))
    var sample = SVGPath()
    sample.point(571, 28)
    parts += SVG.path("dots", sample)
    parts.append(.label("observed", 579, 32, kind: "label small"))
    parts.append(.label("count", 14, 99, kind: "label quiet", anchor: "middle", rotated: -90))
    return parts
  }

  private var lower: [SVG] {
    var parts: [SVG] = [.rectangle("plot", 62, 210, 568, 80)]
    let height = residuals.place(-2) - residuals.place(2)
    parts.append(.rectangle("band", 62, residuals.place(2), 568, height))
    for tick in [-residualReach, 0, residualReach] {
      parts.append(
        .label(ReportNumber.tick(tick), 53, residuals.place(tick) + 4, kind: "label small", anchor: "end"))
    }
    var stems = SVGPath()
    for (index, cell) in cells.enumerated() {
      let x = horizontal.place(Double(index) + 0.5)
      stems.line(from: (x, residuals.place(0)), to: (x, residuals.place(cell.residual)))
    }
    parts += SVG.path(cells.count > 120 ? "stems fine" : "stems", stems)
    parts.append(.line("zero", from: (62, residuals.place(0)), to: (630, residuals.place(0))))
    parts.append(.label("residual", 14, 250, kind: "label quiet", anchor: "middle", rotated: -90))
    let words = cells.count < count ? "the \(cells.count) most probable of \(count) cells" : "cells"
    parts.append(.label("\(words), the most probable first", 346, 316, kind: "label quiet", anchor: "middle"))
    return parts
  }
}

extension ReportNumber {
  /// A count on an axis: "1,000", or "10⁶" where it is long.
  static func plainCount(_ value: Double) -> String {
    value < 1e6 ? NumberText.grouped(Int(value.rounded())) : scientific(value, digits: 1)
  }

  /// A whole number on an axis, with a proper minus.
  static func tick(_ value: Double) -> String {
    value == 0
      ? "0" : (value < 0 ? "−" : "+") + (abs(value) < 1e6 ? "\(Int(abs(value)))" : scientific(abs(value), digits: 1))
  }
}
