import Testing

@testable import Statistics

@Suite struct PowerDivergenceTests {
  @Test func statisticsMatchTheOracle() throws {
    let observed: [Double] = [4, 8, 12, 8]
    let expected: [Double] = [8, 8, 8, 8]
    #expect(try PowerDivergence.pearson.statistic(observed: observed, expected: expected) == 4)
    let ratio = try PowerDivergence.likelihoodRatio.statistic(observed: observed, expected: expected)
    let oracle = 2 * (4 * Logarithm.natural(0.5) + 12 * Logarithm.natural(1.5))
    #expect(isClose(ratio, oracle, within: 1e-15))
  }

  @Test(arguments: PowerDivergence.allCases) func perfectFitIsZero(_ divergence: PowerDivergence) throws {
    #expect(try divergence.statistic(observed: [3, 0, 5], expected: [3, 0, 5]) == 0)
    #expect(try divergence.statistic(observed: [], expected: []) == 0)
    #expect(try divergence.statistic(observed: [3, 1], expected: [4, 0]) == .infinity)
  }

  @Test(arguments: PowerDivergence.allCases) func badInputIsRefused(_ divergence: PowerDivergence) {
    #expect(throws: StatisticsError.sizes(expected: 1, given: 2)) {
      try divergence.statistic(observed: [1, 2], expected: [3])
    }
    for value in [-1, .nan, .infinity] {
      #expect(throws: StatisticsError.argument("a count is finite and at least 0")) {
        try divergence.statistic(observed: [value], expected: [3])
      }
      #expect(throws: StatisticsError.argument("a count is finite and at least 0")) {
        try divergence.statistic(observed: [3], expected: [value])
      }
    }
  }
}
