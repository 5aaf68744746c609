/// A table of counts, rows by columns, of two classifications of the same samples.
///
/// It asks whether the two are independent: whether shards, seeds or generators (rows) draw from one law (columns).
public struct ContingencyTable: Hashable, Sendable {
  /// The counts, a row after the other: r × c.
  public let counts: [[Int]]
  /// The sum of each row, r of them.
  public let rowTotals: [Int]
  /// The sum of each column, c of them.
  public let columnTotals: [Int]
  /// The sum of all counts.
  public let total: Int

  /// A table of these rows.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for no rows, no columns, a negative count or a sum beyond an
  ///   integer, and ``StatisticsError/sizes(expected:given:)`` for rows of different lengths.
  public init(_ counts: [[Int]]) throws(StatisticsError) {
    guard let first = counts.first, !first.isEmpty else {
      throw .argument("a table needs at least one row and one column")
    }
    var rowTotals: [Int] = []
    for row in counts { rowTotals.append(try Counts.total(row, outcomes: first.count)) }
    total = try Counts.total(rowTotals, outcomes: counts.count)
    columnTotals = first.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
    self.rowTotals = rowTotals
    self.counts = counts
  }
}

/// The result of a chi-square test of independence.
public struct IndependenceResult: Hashable, Sendable, Codable {
  /// Pearson's X² of the pooled table, without a correction for continuity.
  public var statistic: Double
  /// (rows − 1)·(columns − 1) of the pooled table.
  public var degreesOfFreedom: Int
  /// P(χ² > statistic); 1 at 0 degrees of freedom.
  public var pValue: Double
  /// The likelihood ratio G of the pooled table, a diagnostic.
  public var likelihoodRatio: Double
  /// The rows of each row of the pooled table, ascending.
  public var rows: [[Int]]
  /// The columns of each column of the pooled table, ascending.
  public var columns: [[Int]]
  /// The smallest expected count of the pooled table; 0 where it is empty.
  public var smallestExpected: Double
}
