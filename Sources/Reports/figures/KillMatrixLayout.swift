import Foundation

/// Where everything in the picture of a kill matrix stands.
struct KillMatrixLayout: Hashable, Sendable {
  static let (rowHeight, columnWidth, margin) = (17.0, 18.0, 12.0)
  /// The angle of the cases' names, in degrees.
  static let slant = 60.0
  private static let (verdictWidth, legendWidth, legendHeight) = (72.0, 620.0, 62.0)

  /// The names as they are written.
  let rowNames: [String]
  let columnNames: [String]
  /// The ends of the squares, from left to right.
  let left: Double
  let right: Double
  /// Where the names of the cases end.
  let top: Double
  /// The upper ends of the rows.
  let rowTops: [Double]
  /// Neighbouring rows of one category.
  let groups: [Range<Int>]
  /// Where the legend begins.
  let bottom: Double
  /// The size of the whole.
  var size: (width: Double, height: Double) { (width, bottom + Self.legendHeight) }
  private let width: Double

  /// The layout of a matrix.
  ///
  /// - Complexity: O(rows + columns).
  init(_ figure: KillMatrixFigure) {
    rowNames = figure.rows.map(\.label)
    columnNames = figure.columns.map(\.label)
    left = Self.margin + 12 + (rowNames.map { SVG.width(of: $0, size: 12) }.max() ?? 0)
    right = left + Double(columnNames.count) * Self.columnWidth
    let lengths = columnNames.map { SVG.width(of: $0, size: 11) }
    let angle = Self.slant * .pi / 180
    top = (lengths.max() ?? 0) * sin(angle) + Self.margin + 12
    var groups: [Range<Int>] = []
    var tops: [Double] = []
    var next = top
    for (index, row) in figure.rows.enumerated() {
      if let last = groups.last, figure.rows[last.lowerBound].category == row.category {
        groups[groups.count - 1] = last.lowerBound..<index + 1
      } else {
        // A category begins with a line for its name.
        next += groups.isEmpty ? 20 : 26
        groups.append(index..<index + 1)
      }
      tops.append(next)
      next += Self.rowHeight
    }
    self.groups = groups
    rowTops = tops
    bottom = next + 8
    // A slanted name may reach beyond the last column.
    let start = left
    let reach = lengths.enumerated().map { start + (Double($0) + 0.5) * Self.columnWidth + $1 * cos(angle) + 10 }.max()
    width = max(right + Self.verdictWidth, reach ?? 0, Self.legendWidth) + Self.margin
  }

  /// The middle of a column.
  func centre(_ column: Int) -> Double { left + (Double(column) + 0.5) * Self.columnWidth }
}
