import Certification
import RealModule

/// How far rounding moves a round's law, and how far it may: a row a rule and kind of uniform, a mark a scalar.
struct RoundingFigure: Hashable, Sendable {
  /// One rule under one kind of uniform.
  struct Row: Hashable, Sendable {
    /// The rule and shape.
    var rule: String
    /// The kind of a uniform.
    var uniforms: String
    /// The worst rounding in each scalar.
    var marks: [Mark]
  }

  /// The worst of several pairs of models.
  struct Mark: Hashable, Sendable {
    /// Whether the scalar is `Double`; else it is `Float`.
    var isDouble: Bool
    /// The total variation.
    var totalVariation: Double
    /// The bound.
    var bound: Double
  }

  var rows: [Row]
}

extension RoundingFigure: Figure {
  private static let (left, right, top, rowHeight) = (216.0, 626.0, 30.0, 21.0)

  var title: String { "Total variation by rounding, and its bound" }

  var summary: String {
    func worst(_ isDouble: Bool) -> String {
      ReportNumber.scientific(
        rows.flatMap(\.marks).filter { $0.isDouble == isDouble }.map(\.totalVariation).max() ?? 0, digits: 2)
    }
    return """
      For each rule and kind of uniform: the total variation in Double (at most \(worst(true))) and in Float (at most \
      \(worst(false))), each joined to the bound that it keeps to, on a logarithmic scale.
      """
  }

  var size: (width: Double, height: Double) { (640, bottom + 44) }

  private var bottom: Double { Self.top + Double(max(rows.count, 1)) * Self.rowHeight }
  private func centre(_ row: Int) -> Double { Self.top + (Double(row) + 0.5) * Self.rowHeight }

  private var horizontal: Axis {
    let values = rows.flatMap(\.marks).flatMap { [$0.totalVariation, $0.bound] }.filter { $0 > 0 && $0.isFinite }
    let lower = 10.0.power(below: values.min() ?? 1e-18)
    return Axis(
      lower, max(10.0.power(above: values.max() ?? 1), lower * 10), from: Self.left, to: Self.right, .logarithmic)
  }

  /// Where the total variations and the bounds are drawn.
  var points: [(x: Double, y: Double)] {
    rows.enumerated().flatMap { index, row in
      row.marks.flatMap { [$0.totalVariation, $0.bound] }.map { (horizontal.place($0), centre(index)) }
    }
  }

  var content: [SVG] {
    var parts: [SVG] = []
    var grid = SVGPath()
    for tick in horizontal.ticks(6) {
      let x = horizontal.place(tick)
      grid.line(from: (x, Self.top), to: (x, bottom))
      parts.append(.label(ReportNumber.scientific(tick, digits: 1), x, bottom + 18, anchor: "middle"))
    }
    parts += SVG.path("grid", grid)
    for (index, row) in rows.enumerated() {
      let y = centre(index)
      if index == 0 || rows[index - 1].rule != row.rule {
        parts.append(.label(OutsideText.label(row.rule, room: 18), 10, y + 4, kind: "label strong"))
        if index > 0 {
          parts.append(.line("divider", from: (10, y - Self.rowHeight / 2), to: (Self.right, y - Self.rowHeight / 2)))
        }
      }
      parts.append(
        .label(OutsideText.label(row.uniforms, room: 12), Self.left - 12, y + 4, kind: "label small", anchor: "end"))
      parts += row.marks.flatMap { draw($0, at: y) }
    }
    parts.append(
      .label("total variation", (Self.left + Self.right) / 2, bottom + 38, kind: "label quiet", anchor: "middle"))
    return parts + legend
  }

  private func draw(_ mark: Mark, at row: Double) -> [SVG] {
    // Double above, Float below: their lines may cover the same ground.
    let y = row + (mark.isDouble ? -3.5 : 3.5)
    let (start, end) = (horizontal.place(mark.totalVariation), horizontal.place(mark.bound))
    var (span, bound, dot) = (SVGPath(), SVGPath(), SVGPath())
    span.line(from: (start, y), to: (end, y))
    bound.line(from: (end, y - 3.5), to: (end, y + 3.5))
    if mark.isDouble { dot.circle(start, y, 3.5) } else { dot.rectangle(start - 3, y - 3, 6, 6) }
    let kind = mark.totalVariation <= mark.bound ? (mark.isDouble ? "double" : "float") : "wrong"
    return SVG.path("span \(kind)", span) + SVG.path("bound \(kind)", bound) + SVG.path("mark-\(kind)", dot)
  }

  private var legend: [SVG] {
    var (circle, square, bound) = (SVGPath(), SVGPath(), SVGPath())
    circle.circle(Self.left + 8, 12, 3.5)
    square.rectangle(Self.left + 75, 9, 6, 6)
    bound.line(from: (Self.left + 136, 7), to: (Self.left + 136, 17))
    return SVG.path("mark-double", circle) + SVG.path("mark-float", square) + SVG.path("bound", bound) + [
      .label("Double", Self.left + 17, 16, kind: "label small"),
      .label("Float", Self.left + 87, 16, kind: "label small"),
      .label("bound for any models", Self.left + 144, 16, kind: "label small"),
    ]
  }
}

extension Double {
  /// The largest power of this number, such as 10, that is not above another.
  fileprivate func power(below value: Double) -> Double { Double.pow(self, Double.log10(value).rounded(.down)) }
  fileprivate func power(above value: Double) -> Double { Double.pow(self, Double.log10(value).rounded(.up)) }
}
