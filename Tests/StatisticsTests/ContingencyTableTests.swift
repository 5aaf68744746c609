import Testing

@testable import Statistics

/// Against scipy.stats.chi2_contingency(correction: false), with lambda_ 1 for X² and 0 for G.
@Suite struct ContingencyTableTests {
  struct Oracle: Sendable {
    let counts: [[Int]]
    var minimumExpected = 0.0
    let statistic: Double
    let degreesOfFreedom: Int
    let pValue: Double
    let likelihoodRatio: Double
    let smallestExpected: Double
  }

  /// Two shards of 100 000 samples, whose last three columns are rare.
  static let shards = [[50_000, 30_000, 19_000, 600, 250, 150], [49_700, 30_200, 19_080, 560, 310, 150]]

  static let oracles = [
    Oracle(
      counts: [[10, 10, 20], [20, 20, 20]], statistic: 2.7777777777777777, degreesOfFreedom: 2,
      pValue: 0.24935220877729622, likelihoodRatio: 2.768858761678132, smallestExpected: 12),
    Oracle(
      counts: [[12, 5, 7, 9], [8, 8, 3, 11], [15, 2, 9, 4]], statistic: 12.101601161995898,
      degreesOfFreedom: 6, pValue: 0.059740211919020014, likelihoodRatio: 12.666099769631938,
      smallestExpected: 4.838709677419355),
    Oracle(
      counts: [[1200, 800], [1100, 950]], statistic: 16.59021360399939, degreesOfFreedom: 1,
      pValue: 4.6389781449907434e-05, likelihoodRatio: 16.60483006381328,
      smallestExpected: 864.1975308641976),
    Oracle(
      counts: shards, statistic: 9.543108951905417, degreesOfFreedom: 5, pValue: 0.08926580036810845,
      likelihoodRatio: 9.55574152752385, smallestExpected: 150),
    // scipy on the table pooled by hand.
    Oracle(
      counts: shards, minimumExpected: 400, statistic: 7.300584034961895, degreesOfFreedom: 4,
      pValue: 0.12083104875430023, likelihoodRatio: 7.3042627770500985, smallestExpected: 430),
    Oracle(
      counts: shards, minimumExpected: 1000, statistic: 1.9332469804865986, degreesOfFreedom: 3,
      pValue: 0.5863764717646351, likelihoodRatio: 1.9332529240734715, smallestExpected: 1010),
  ]

  @Test(arguments: oracles) func testMatchesTheOracle(_ oracle: Oracle) throws {
    let table = try ContingencyTable(oracle.counts)
    let transposed = try ContingencyTable(
      oracle.counts[0].indices.map { column in oracle.counts.map { $0[column] } })
    for (result, isTransposed) in [
      (try table.test(minimumExpected: oracle.minimumExpected), false),
      (try transposed.test(minimumExpected: oracle.minimumExpected), true),
    ] {
      #expect(isClose(result.statistic, oracle.statistic, within: 1e-11), "\(result.statistic)")
      #expect(isClose(result.likelihoodRatio, oracle.likelihoodRatio, within: 1e-9))
      #expect(isClose(result.pValue, oracle.pValue, within: 1e-10))
      #expect(isClose(result.smallestExpected, oracle.smallestExpected, within: 1e-13))
      #expect(result.degreesOfFreedom == oracle.degreesOfFreedom)
      #expect((isTransposed ? result.columns : result.rows).count == oracle.counts.count)
    }
  }

  @Test func totalsAreKept() throws {
    let table = try ContingencyTable(Self.shards)
    #expect(table.rowTotals == [100_000, 100_000] && table.total == 200_000)
    #expect(table.columnTotals == [99_700, 60_200, 38_080, 1160, 560, 300])
  }

  @Test func poolingNamesItsColumns() throws {
    let table = try ContingencyTable(Self.shards)
    #expect(try table.test(minimumExpected: 400).columns == [[0], [1], [2], [3], [4, 5]])
    #expect(try table.test().columns == [[0], [1], [2], [3, 4, 5]])
    #expect(try table.test().rows == [[0], [1]])
  }

  /// Rows are pooled too where they are the rarer side, but never the last two while columns can be.
  @Test func poolingTakesTheRarerSide() throws {
    let tall = try ContingencyTable([[4000, 4100, 4050], [3, 5, 4], [3900, 4000, 4050], [2, 4, 3]])
    let result = try tall.test()
    #expect(result.rows == [[0], [1, 2, 3]] && result.columns == [[0], [1], [2]])
    let uneven = try ContingencyTable([[2000, 40_000], [1000, 20_000], [100, 2000], [3000, 61_000]])
    #expect(try uneven.test(minimumExpected: 100).rows == [[0], [1, 2], [3]])
    let small = try ContingencyTable([[300, 500, 700], [30_000, 50_000, 70_000]])
    #expect(try small.test(minimumExpected: 500).columns == [[0, 1], [2]])
    // The expected counts of the row reach 700 and 800 at most: nothing is left to compare at 1000.
    #expect(try small.test().degreesOfFreedom == 0)
    #expect(try small.test().pValue == 1 && small.test().statistic == 0)
  }

  /// Pooling depends on the totals alone: another table of the same totals is pooled alike.
  @Test func poolingIgnoresTheCells() throws {
    let moved = [[50_300, 29_700, 19_000, 600, 100, 300], [49_400, 30_500, 19_080, 560, 460, 0]]
    let original = try ContingencyTable(Self.shards)
    let table = try ContingencyTable(moved)
    #expect(table.columnTotals == original.columnTotals && table.rowTotals == original.rowTotals)
    #expect(try table.test().columns == original.test().columns)
    #expect(try table.test().smallestExpected == original.test().smallestExpected)
    // The cells do decide the verdict.
    #expect(try table.test().pValue < 1e-3 && original.test().pValue > 0.5)
  }

  @Test func emptyRowsAndColumnsSayNothing() throws {
    let bare = try ContingencyTable([[1200, 800], [1100, 950]]).test(minimumExpected: 0)
    let padded = try ContingencyTable([[1200, 0, 800], [0, 0, 0], [1100, 0, 950]]).test(minimumExpected: 0)
    #expect(padded.statistic == bare.statistic && padded.degreesOfFreedom == 1)
    #expect(padded.rows == [[0], [2]] && padded.columns == [[0], [2]])
    let empty = try ContingencyTable([[0, 0], [0, 0]]).test()
    #expect(empty.pValue == 1 && empty.degreesOfFreedom == 0 && empty.smallestExpected == 0)
    #expect(try ContingencyTable([[7]]).test().pValue == 1)
  }

  @Test func equalRowsAreIndependent() throws {
    let result = try ContingencyTable([[3000, 5000, 2000], [6000, 10_000, 4000]]).test()
    #expect(abs(result.statistic) < 1e-20 && result.pValue == 1 && result.degreesOfFreedom == 2)
  }

  @Test func badInputIsRefused() throws {
    let nothing = StatisticsError.argument("a table needs at least one row and one column")
    #expect(throws: nothing) { try ContingencyTable([]) }
    #expect(throws: nothing) { try ContingencyTable([[]]) }
    #expect(throws: StatisticsError.sizes(expected: 2, given: 1)) { try ContingencyTable([[1, 2], [3]]) }
    #expect(throws: StatisticsError.argument("a count is at least 0")) {
      try ContingencyTable([[1, 2], [3, -1]])
    }
    #expect(throws: StatisticsError.argument("the counts sum to more than an integer holds")) {
      try ContingencyTable([[.max], [1]])
    }
    for minimum in [-1, Double.nan] {
      #expect(throws: StatisticsError.argument("an expected count is at least 0, not \(minimum)")) {
        try ContingencyTable([[1]]).test(minimumExpected: minimum)
      }
    }
  }
}
