import Certification
import Foundation

extension KillMatrixFigure: Figure {
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

  var size: (width: Double, height: Double) { KillMatrixLayout(self).size }

  var content: [SVG] { KillMatrixDrawing(figure: self, layout: KillMatrixLayout(self)).content }
}

/// The parts of the picture, each in its place.
private struct KillMatrixDrawing {
  let figure: KillMatrixFigure
  let layout: KillMatrixLayout

  private typealias Layout = KillMatrixLayout
  private typealias Level = KillMatrixFigure.Level

  var content: [SVG] { header + grid + squares + figure.rows.indices.flatMap(rowContent) + legend }

  private var header: [SVG] {
    figure.columns.enumerated().map { index, column in
      let label = SVG.label(
        layout.columnNames[index], layout.centre(index) + 3, layout.top - 2, kind: "label small", rotated: -Layout.slant
      )
      return Self.linked(label, to: column.link, named: nil)
    }
  }

  private var grid: [SVG] {
    let (tops, left, right) = (layout.rowTops, layout.left, layout.right)
    var lines = SVGPath()
    for group in layout.groups {
      let (first, last) = (tops[group.lowerBound], tops[group.upperBound - 1] + Layout.rowHeight)
      for y in stride(from: first, through: last + 1, by: Layout.rowHeight) {
        lines.line(from: (left, y), to: (right, y))
      }
      for column in 0...figure.columns.count {
        let x = left + Double(column) * Layout.columnWidth
        lines.line(from: (x, first), to: (x, last))
      }
    }
    return SVG.path("grid", lines)
  }

  private var squares: [SVG] {
    var paths = [Level: SVGPath]()
    for cell in figure.cells {
      let (x, y) = (layout.centre(cell.column), layout.rowTops[cell.row] + Layout.rowHeight / 2)
      let side = cell.level.side
      paths[cell.level, default: SVGPath()].rectangle(x - side / 2, y - side / 2, side, side)
    }
    return Level.allCases.flatMap { level in SVG.path("power-\(level.rawValue)", paths[level] ?? SVGPath()) }
  }

  private func rowContent(_ index: Int) -> [SVG] {
    let row = figure.rows[index]
    let rowTop = layout.rowTops[index]
    let baseline = rowTop + Layout.rowHeight - 4.5
    var parts: [SVG] = []
    if layout.groups.contains(where: { $0.lowerBound == index }) {
      parts.append(.label(row.categoryWords, Layout.margin, rowTop - 5, kind: "label strong"))
    }
    let words = layout.rowNames[index]
    parts.append(
      Self.linked(.label(words, layout.left - 8, baseline, anchor: "end"), to: row.link, named: "\(words), source"))
    let isAsItMust = row.verdict == .killed || row.verdict == .passed
    let (x, y) = (layout.centre(row.declaring), rowTop + Layout.rowHeight / 2)
    parts.append(.rectangle(isAsItMust ? "declared" : "declared wrong", x - 8, y - 7.5, 16, 15))
    parts.append(Self.mark(row.verdict, x, y))
    let kind = isAsItMust ? "label small good" : "label small bad"
    parts.append(.label(row.verdict.rawValue, layout.right + 9, baseline, kind: kind))
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
    let y = layout.bottom + 16
    var parts: [SVG] = [.label("Predicted power", Layout.margin, y + 4, kind: "label small strong")]
    var x = Layout.margin + 104
    for level in Level.allCases {
      parts.append(
        .rectangle("power-\(level.rawValue)", x + 7 - level.side / 2, y - level.side / 2, level.side, level.side))
      parts.append(.label(level.words, x + 19, y + 4, kind: "label small"))
      x += 36 + SVG.width(of: level.words, size: 11)
    }
    let second = y + 26
    x = Layout.margin
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
  var label: String { OutsideText.label(id, room: 34) }
  fileprivate var categoryWords: String {
    let words = OutsideText.label(category, room: 34).replacingOccurrences(of: "-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}

extension KillMatrixFigure.Column {
  /// The identifier without what most of them share.
  var label: String {
    let short = (id.hasPrefix("output/") ? String(id.dropFirst("output/".count)) : id)
      .replacingOccurrences(of: "/witness-", with: "/")
    return OutsideText.label(short, room: 44)
  }
}
