import Statistics

/// The p-values of all cases in order, against the quantiles of the uniform law that those of a correct decoder have.
struct UniformityFigure: Hashable, Sendable {
  /// The p-values, smallest first.
  let values: [Double]
  /// The test of their uniformity.
  let test: KolmogorovSmirnov
  /// How far from the diagonal all points stay with probability ``coverage``.
  let halfWidth: Double

  /// The share of correct decoders whose points all lie in the band.
  static let coverage = 0.95

  /// The figure of these p-values; `nil` without any.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for one outside [0, 1].
  init?(_ values: [Double]) throws(StatisticsError) {
    guard !values.isEmpty else { return nil }
    self.values = values.sorted()
    test = try KolmogorovSmirnov(uniform: values)
    var (lower, upper) = (0.0, 1.0)
    for _ in 0..<40 {
      let middle = (lower + upper) / 2
      let tail = try KolmogorovSmirnov.upperTail(middle, samples: values.count)
      (lower, upper) = tail > 1 - Self.coverage ? (middle, upper) : (lower, middle)
    }
    halfWidth = upper
  }
}

extension UniformityFigure: Figure {
  var title: String { "p-values of \(values.count) cases against the uniform law" }

  var summary: String {
    """
    Sorted p-values over the quantiles of the uniform law, from 0 to 1. Their largest distance from it is \
    \(ReportNumber.decimal(test.statistic, places: 3)), with a p-value of \(ReportNumber.probability(test.pValue)); \
    the band reaches \(ReportNumber.decimal(halfWidth, places: 3)) to both sides.
    """
  }

  var size: (width: Double, height: Double) { (400, 390) }

  private var horizontal: Axis { Axis(0, 1, from: 52, to: 388) }
  private var vertical: Axis { Axis(0, 1, from: 340, to: 10) }

  /// Where the points are drawn.
  var points: [(x: Double, y: Double)] {
    values.enumerated().map { rank, value in
      (horizontal.place((Double(rank) + 0.5) / Double(values.count)), vertical.place(value))
    }
  }

  var content: [SVG] {
    var parts: [SVG] = [.rectangle("plot", 52, 10, 336, 330)]
    var band = SVGPath()
    let width = halfWidth
    for (x, y) in [(0, 0), (0, width), (1 - width, 1), (1, 1), (1, 1 - width), (width, 0)] {
      band.corner(horizontal.place(x), vertical.place(y))
    }
    parts += SVG.path("band", band)
    var grid = SVGPath()
    for tick in [0, 0.25, 0.5, 0.75, 1] {
      grid.line(from: (horizontal.place(tick), 340), to: (horizontal.place(tick), 345))
      grid.line(from: (47, vertical.place(tick)), to: (52, vertical.place(tick)))
      let text = tick == 0 || tick == 1 ? "\(Int(tick))" : "\(tick)"
      parts.append(.label(text, horizontal.place(tick), 360, anchor: "middle"))
      parts.append(.label(text, 43, vertical.place(tick) + 4, anchor: "end"))
    }
    parts += SVG.path("axis", grid)
    parts.append(.line("reference", from: (52, 340), to: (388, 10)))
    var dots = SVGPath()
    for point in points { dots.point(point.x, point.y) }
    parts += SVG.path("dots", dots)
    parts.append(.label("quantile of the uniform law", 220, 382, kind: "label quiet", anchor: "middle"))
    parts.append(.label("p-value", 14, 175, kind: "label quiet", anchor: "middle", rotated: -90))
    return parts
  }
}
