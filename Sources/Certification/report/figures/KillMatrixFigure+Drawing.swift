import Foundation

extension KillMatrixFigure: Figure {
  private static let (rowHeight, columnWidth) = (17.0, 18.0)
  private static let (margin, verdictWidth, legendHeight) = (12.0, 72.0, 62.0)
  /// The angle of the cases' names, in degrees.
  private static let slant = 60.0

  var title: String { "Kill matrix: \(rows.count) defects and variants on \(columns.count) cases" }

  var summary: String {
    func count(_ verdict: KillRecord.Verdict) -> Int { rows.filter { $0.verdict == verdict }.count }
    return """
      Rows are known defects, columns are cases; a square is the larger and darker, the surer the case refuses the \
      defect. The outlined square is the case that declares the defect: \(count(.killed)) were killed there, \
      \(count(.missed)) missed; of the lossless variants \(count(.passed)) passed, \(count(.refused)) were refused.
      """
  }

  var hasLinks: Bool { true }

  var size: (width: Double, height: Double) {
    let names = columns.map(\.labelWidth)
    let lean = Self.cosine
    // A slanted name may reach beyond the last column.
    let reach = names.enumerated().map { columnCentre($0) + $1 * lean + 10 }.max() ?? 0
    let width = max(left + Double(columns.count) * Self.columnWidth + Self.verdictWidth, reach, Self.legendWidth)
    return (width + Self.margin, bottom + Self.legendHeight)
  }

  var content: [SVG] { header + grid + squares + rows.indices.flatMap(rowContent) + legend }

  // MARK: Places

  private static var sine: Double { sin(slant * .pi / 180) }
  private static var cosine: Double { cos(slant * .pi / 180) }
  private static let legendWidth = 620.0

  private var left: Double {
    Self.margin + 12 + (rows.map { SVG.width(of: $0.label, size: 12) }.max() ?? 0)
  }
  private var top: Double {
    (columns.map { $0.labelWidth * Self.sine }.max() ?? 0) + Self.margin + 12
  }
  private var bottom: Double { (rowTops.last ?? top) + Self.rowHeight + 8 }

  /// The upper ends of the rows; a category begins with a line for its name.
  private var rowTops: [Double] {
    var tops: [Double] = []
    var next = top
    for (index, row) in rows.enumerated() {
      if index == 0 || rows[index - 1].category != row.category { next += index == 0 ? 20 : 26 }
      tops.append(next)
      next += Self.rowHeight
    }
    return tops
  }

  private func columnCentre(_ column: Int) -> Double { left + (Double(column) + 0.5) * Self.columnWidth }

  // MARK: Parts

  private var header: [SVG] {
    columns.enumerated().map { index, column in
      let label = SVG.label(column.label, columnCentre(index) + 3, top - 2, kind: "label small", rotated: -Self.slant)
      return Self.linked(label, to: column.link, named: nil)
    }
  }

  private var grid: [SVG] {
    let tops = rowTops
    let right = left + Double(columns.count) * Self.columnWidth
    var lines = SVGPath()
    for (index, rowTop) in tops.enumerated() {
      lines.line(from: (left, rowTop + Self.rowHeight), to: (right, rowTop + Self.rowHeight))
      if index == 0 || rows[index - 1].category != rows[index].category {
        lines.line(from: (left, rowTop), to: (right, rowTop))
      }
    }
    for column in 0...columns.count {
      let x = left + Double(column) * Self.columnWidth
      for group in groups {
        lines.line(from: (x, tops[group.lowerBound]), to: (x, tops[group.upperBound - 1] + Self.rowHeight))
      }
    }
    return SVG.path("grid", lines)
  }

  /// Neighbouring rows of one category.
  private var groups: [Range<Int>] {
    var groups: [Range<Int>] = []
    for index in rows.indices {
      if let last = groups.last, rows[last.lowerBound].category == rows[index].category {
        groups[groups.count - 1] = last.lowerBound..<index + 1
      } else {
        groups.append(index..<index + 1)
      }
    }
    return groups
  }

  private var squares: [SVG] {
    let tops = rowTops
    var paths = [Level: SVGPath]()
    for cell in cells {
      let (x, y) = (columnCentre(cell.column), tops[cell.row] + Self.rowHeight / 2)
      let side = cell.level.side
      paths[cell.level, default: SVGPath()].rectangle(x - side / 2, y - side / 2, side, side)
    }
    return Level.allCases.flatMap { level in SVG.path("power-\(level.rawValue)", paths[level] ?? SVGPath()) }
  }

  private func rowContent(_ index: Int) -> [SVG] {
    let row = rows[index]
    let rowTop = rowTops[index]
    let baseline = rowTop + Self.rowHeight - 4.5
    var parts: [SVG] = []
    if index == 0 || rows[index - 1].category != row.category {
      parts.append(.label(row.categoryWords, Self.margin, rowTop - 5, kind: "label strong"))
    }
    let name = SVG.label(row.label, left - 8, baseline, anchor: "end")
    parts.append(Self.linked(name, to: row.link, named: "\(row.label), source"))
    let isAsItMust = row.verdict == .killed || row.verdict == .passed
    let (x, y) = (columnCentre(row.declaring), rowTop + Self.rowHeight / 2)
    parts.append(.rectangle(isAsItMust ? "declared" : "declared wrong", x - 8, y - 7.5, 16, 15))
    parts.append(Self.mark(row.verdict, x, y))
    let right = left + Double(columns.count) * Self.columnWidth
    parts.append(
      .label(row.verdict.rawValue, right + 9, baseline, kind: isAsItMust ? "label small good" : "label small bad"))
    return parts
  }

  /// A tick for killed, a ring for passed, a cross for what should not be.
  private static func mark(_ verdict: KillRecord.Verdict, _ x: Double, _ y: Double) -> SVG {
    let data =
      switch verdict {
      case .killed: "M\(SVG.number(x - 3.5)) \(SVG.number(y))l2.6 2.8 4.6-5.6"
      case .passed: "M\(SVG.number(x - 4)) \(SVG.number(y))a4 4 0 1 0 8 0a4 4 0 1 0-8 0"
      case .missed, .refused:
        "M\(SVG.number(x - 3.5)) \(SVG.number(y - 3.5))l7 7m0-7l-7 7"
      }
    return .node("path", ["class": "mark \(verdict.rawValue)", "d": data])
  }

  private var legend: [SVG] {
    let y = bottom + 16
    var parts: [SVG] = [.label("Predicted power", Self.margin, y + 4, kind: "label small strong")]
    var x = Self.margin + 104
    for level in Level.allCases {
      parts.append(
        .rectangle("power-\(level.rawValue)", x + 7 - level.side / 2, y - level.side / 2, level.side, level.side))
      parts.append(.label(level.words, x + 19, y + 4, kind: "label small"))
      x += 36 + SVG.width(of: level.words, size: 11)
    }
    let second = y + 26
    x = Self.margin
    for (verdict, words) in [
      (KillRecord.Verdict.killed, "declares the defect, and killed it"), (.passed, "lossless, and passed"),
      (.missed, "missed or refused: a failure"),
    ] {
      let isGood = verdict != .missed
      if verdict == .killed { parts.append(.rectangle("power-4", x + 1, second - 7, 14, 14)) }
      parts.append(.rectangle(isGood ? "declared" : "declared wrong", x, second - 7.5, 16, 15))
      parts.append(Self.mark(verdict, x + 8, second))
      parts.append(.label(words, x + 23, second + 4, kind: "label small"))
      x += 40 + SVG.width(of: words, size: 11)
    }
    return parts
  }

  private static func linked(_ part: SVG, to link: String?, named name: String?) -> SVG {
    guard let link else { return part }
    return .node("a", ["href": link, "aria-label": name], [part])
  }
}

extension KillMatrixFigure.Row {
  fileprivate var label: String { OutsideText.label(id, room: 34) }
  fileprivate var categoryWords: String {
    let words = OutsideText.label(category, room: 34).replacingOccurrences(of: "-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}

extension KillMatrixFigure.Column {
  fileprivate var labelWidth: Double { SVG.width(of: label, size: 11) }

  /// The identifier without what most of them share.
  fileprivate var label: String {
    let short = (id.hasPrefix("output/") ? String(id.dropFirst("output/".count)) : id)
      .replacingOccurrences(of: "/witness-", with: "/")
    return OutsideText.label(short, room: 44)
  }
}
