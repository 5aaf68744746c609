import Certification

/// Tokens that one evaluation of the target yields: a row a rule and shape, a dot a case.
struct AcceptanceFigure: Hashable, Sendable {
  /// All cases of one rule and shape.
  struct Row: Hashable, Sendable {
    /// The rule, such as "rsd-s".
    var rule: String
    /// The shape, such as "2x2"; empty where there is none.
    var shape: String
    /// Draft length + 1: more than so many tokens no round can yield.
    var most: Int
    /// Tokens a target evaluation, a number a case.
    var values: [Double]

    /// The mean over the cases.
    var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
  }

  var rows: [Row]
}

extension AcceptanceFigure: Figure {
  private static let (left, right, top, rowHeight) = (150.0, 626.0, 26.0, 24.0)

  var title: String { "Tokens a target evaluation, by rule and shape" }

  var summary: String {
    let words = rows.map { "\($0.rule) \($0.shape) \(ReportNumber.decimal($0.mean))" }
    return
      "The mean over the cases of each rule and shape: \(OutsideText.label(words.joined(separator: "; "), room: 900))."
  }

  var size: (width: Double, height: Double) { (640, bottom + 44) }

  private var bottom: Double { Self.top + Double(max(rows.count, 1)) * Self.rowHeight }
  private var horizontal: Axis {
    Axis(1, Double(max(rows.map(\.most).max() ?? 2, 2)), from: Self.left, to: Self.right)
  }
  private func centre(_ row: Int) -> Double { Self.top + (Double(row) + 0.5) * Self.rowHeight }

  /// Where the cases are drawn.
  var points: [(x: Double, y: Double)] {
    rows.enumerated().flatMap { index, row in row.values.map { (horizontal.place($0), centre(index)) } }
  }

  var content: [SVG] {
    var parts: [SVG] = []
    var grid = SVGPath()
    let most = Int(min(horizontal.upper, 1e6))
    for tick in stride(from: 1, through: most, by: max(1, most / 10)) {
      let x = horizontal.place(Double(tick))
      grid.line(from: (x, Self.top), to: (x, bottom))
      parts.append(.label("\(tick)", x, bottom + 18, anchor: "middle"))
    }
    parts += SVG.path("grid", grid)
    var (tracks, limits, means, dots) = (SVGPath(), SVGPath(), SVGPath(), SVGPath())
    for (index, row) in rows.enumerated() {
      let y = centre(index)
      let end = horizontal.place(Double(row.most))
      tracks.line(from: (Self.left, y), to: (end, y))
      limits.line(from: (end, y - 6), to: (end, y + 6))
      let mean = horizontal.place(row.mean)
      if !row.values.isEmpty { means.line(from: (mean, y - 8), to: (mean, y + 8)) }
      if index == 0 || rows[index - 1].rule != row.rule {
        parts.append(.label(OutsideText.label(row.rule, room: 16), 10, y + 4, kind: "label strong"))
        if index > 0 {
          parts.append(.line("divider", from: (10, y - Self.rowHeight / 2), to: (Self.right, y - Self.rowHeight / 2)))
        }
      }
      parts.append(.label(OutsideText.label(row.shape, room: 10), Self.left - 12, y + 4, anchor: "end"))
    }
    for point in points { dots.point(point.x, point.y) }
    parts += SVG.path("track", tracks) + SVG.path("limit", limits) + SVG.path("dots open", dots)
    parts += SVG.path("mean", means)
    parts.append(
      .label(
        "tokens a target evaluation", (Self.left + Self.right) / 2, bottom + 38, kind: "label quiet", anchor: "middle"))
    return parts + legend
  }

  private var legend: [SVG] {
    var (dot, mean, limit) = (SVGPath(), SVGPath(), SVGPath())
    dot.point(Self.left + 8, 11)
    mean.line(from: (Self.left + 78, 4), to: (Self.left + 78, 18))
    limit.line(from: (Self.left + 146, 5), to: (Self.left + 146, 17))
    return SVG.path("dots open", dot) + SVG.path("mean", mean) + SVG.path("limit", limit) + [
      .label("a case", Self.left + 18, 15, kind: "label small"),
      .label("mean", Self.left + 86, 15, kind: "label small"),
      .label("draft length + 1, the most", Self.left + 154, 15, kind: "label small"),
    ]
  }
}
