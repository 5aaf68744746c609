extension ContingencyTable {
  /// Pearson's test of independence.
  ///
  /// The expected count of a cell is its row's total times its column's over the total. Pooling sees the totals alone,
  /// on which the test is conditional, never a cell:
  ///
  /// - rows and columns without a count are left out: they say nothing;
  /// - while the smallest expected count is below the minimum, the two rows or the two columns of the smallest
  ///   totals become one: rows where the smallest row is a smaller share of the total than the smallest column,
  ///   else columns; where only two rows (columns) are left, columns (rows) as long as there are more than two.
  ///
  /// Where nothing can be compared (one row or column is left) the degrees of freedom are 0, the statistic 0 and the
  /// p-value 1.
  /// - Parameter minimumExpected: the least expected count of a cell, at least 0. A small significance needs a large
  ///   one: see ``CellPlan``.
  /// - Throws: ``StatisticsError/argument(_:)`` outside that range.
  /// - Complexity: O(r c + r² + c²).
  public func test(minimumExpected: Double = 1000) throws(StatisticsError) -> IndependenceResult {
    guard minimumExpected >= 0 else {
      throw .argument("an expected count is at least 0, not \(minimumExpected)")
    }
    let (rows, columns) = pooled(minimumExpected)
    var observed: [Double] = []
    var expected: [Double] = []
    for row in rows {
      for column in columns {
        let cell = row.members.reduce(0) { sum, index in
          column.members.reduce(sum) { $0 + counts[index][$1] }
        }
        observed.append(Double(cell))
        expected.append(Double(row.total) / Double(total) * Double(column.total))
      }
    }
    let degreesOfFreedom = max(0, rows.count - 1) * max(0, columns.count - 1)
    var result = IndependenceResult(
      statistic: 0, degreesOfFreedom: degreesOfFreedom, pValue: 1, likelihoodRatio: 0,
      rows: rows.map(\.members), columns: columns.map(\.members), smallestExpected: expected.min() ?? 0)
    if degreesOfFreedom > 0 {
      result.statistic = try PowerDivergence.pearson.statistic(observed: observed, expected: expected)
      result.likelihoodRatio = try PowerDivergence.likelihoodRatio.statistic(
        observed: observed, expected: expected)
      result.pValue = try ChiSquare.upperTail(result.statistic, degreesOfFreedom: degreesOfFreedom)
    }
    return result
  }

  /// Rows, or columns, that are counted as one.
  private struct Group {
    var members: [Int]
    var total: Int
  }

  private func pooled(_ minimumExpected: Double) -> (rows: [Group], columns: [Group]) {
    var rows = Self.groups(rowTotals)
    var columns = Self.groups(columnTotals)
    while let row = rows.last, let column = columns.last, rows.count > 1, columns.count > 1 {
      if Double(row.total) / Double(total) * Double(column.total) >= minimumExpected { break }
      let poolsRows =
        (rows.count > 2) == (columns.count > 2) ? row.total < column.total : rows.count > 2
      if poolsRows { Self.poolSmallest(&rows) } else { Self.poolSmallest(&columns) }
    }
    return (rows.sorted { $0.members[0] < $1.members[0] }, columns.sorted { $0.members[0] < $1.members[0] })
  }

  /// One group for each positive total, largest first, ties by index.
  private static func groups(_ totals: [Int]) -> [Group] {
    totals.indices.filter { totals[$0] > 0 }.sorted { (-totals[$0], $0) < (-totals[$1], $1) }
      .map { Group(members: [$0], total: totals[$0]) }
  }

  private static func poolSmallest(_ groups: inout [Group]) {
    let smallest = groups.removeLast()
    let next = groups.removeLast()
    let union = Group(
      members: (smallest.members + next.members).sorted(), total: smallest.total + next.total)
    let place = groups.firstIndex { $0.total < union.total } ?? groups.count
    groups.insert(union, at: place)
  }
}
