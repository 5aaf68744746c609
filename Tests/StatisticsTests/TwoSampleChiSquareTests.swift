import Testing

@testable import Statistics

@Suite struct TwoSampleChiSquareTests {
  /// scipy.stats.chi2_contingency(correction: false).
  @Test func matchesTheOracle() throws {
    let three = try TwoSampleChiSquare.test(first: [120, 80, 50], second: [95, 90, 65])
    #expect(isClose(three.statistic, 5.451733777434129, within: 1e-12))
    #expect(isClose(three.pValue, 0.06548940607618255, within: 1e-11) && three.degreesOfFreedom == 2)
    let five = try TwoSampleChiSquare.test(first: [400, 300, 200, 60, 40], second: [350, 310, 230, 70, 40])
    #expect(isClose(five.statistic, 6.359521784607566, within: 1e-12))
    #expect(isClose(five.pValue, 0.17385966116976076, within: 1e-11) && five.degreesOfFreedom == 4)
  }

  /// A 64th of a sample of 1000 is 15.6: totals below 31.25 are pooled, the two smallest at a time.
  ///
  /// The values are scipy's on what is left.
  @Test func rareCellsArePooledByTheirTotals() throws {
    let result = try TwoSampleChiSquare.test(
      first: [500, 300, 150, 20, 12, 9, 6, 3], second: [480, 310, 160, 15, 14, 11, 7, 3])
    #expect(result.columns == [[0], [1], [2], [3, 4], [5, 6, 7]])
    #expect(isClose(result.statistic, 1.272988551072709, within: 1e-12))
    #expect(isClose(result.pValue, 0.8659414706352947, within: 1e-11))
    // Moved between the samples, the same totals make the same cells.
    let moved = try TwoSampleChiSquare.test(
      first: [500, 300, 150, 35, 0, 15, 0, 0], second: [480, 310, 160, 0, 26, 5, 13, 6])
    #expect(moved.columns == result.columns)
  }

  @Test func thereAreNoMoreCellsThanPlanned() throws {
    let counts = [Int](repeating: 40, count: 1000)
    let result = try TwoSampleChiSquare.test(first: counts, second: counts)
    #expect(result.columns.count <= 64 && result.columns.count > 32)
    #expect(result.smallestExpected >= 40_000.0 / 64)
  }

  @Test func fewSamplesSayNothing() throws {
    let result = try TwoSampleChiSquare.test(first: [9, 0], second: [0, 9])
    #expect(result.degreesOfFreedom == 0 && result.pValue == 1)
    // Ten are expected of each from twenty on.
    #expect(try TwoSampleChiSquare.test(first: [19, 0], second: [0, 19]).degreesOfFreedom == 0)
    #expect(try TwoSampleChiSquare.test(first: [20, 0], second: [0, 20]).degreesOfFreedom == 1)
    #expect(throws: StatisticsError.argument("two samples are of one size, not 3 and 4")) {
      try TwoSampleChiSquare.test(first: [1, 2], second: [2, 2])
    }
    #expect(throws: StatisticsError.sizes(expected: 1, given: 2)) {
      try TwoSampleChiSquare.test(first: [1], second: [1, 2])
    }
  }

  /// The probability of a p-value below α, exactly: over all tables of these totals, with the weights of the
  /// hypergeometric law of one sample of half of them.
  static func rate(_ totals: [Int], below levels: [Double]) throws -> [Double] {
    let size = totals.reduce(0, +) / 2
    func logChoose(_ n: Int, _ k: Int) throws -> Double {
      try GSL.logGamma(Double(n + 1)) - GSL.logGamma(Double(k + 1)) - GSL.logGamma(Double(n - k + 1))
    }
    let all = try logChoose(2 * size, size)
    var rates = [Double](repeating: 0, count: levels.count)
    func visit(_ first: [Int], _ left: Int, _ weight: Double) throws {
      let index = first.count
      if index == totals.count - 1 {
        guard (0...totals[index]).contains(left) else { return }
        let first = first + [left]
        let statistic = zip(first, totals).reduce(0.0) { sum, cell in
          let difference = Double(2 * cell.0 - cell.1)
          return sum + difference * difference / Double(cell.1)
        }
        let p = try ChiSquare.upperTail(statistic, degreesOfFreedom: totals.count - 1)
        let mass = Logarithm.exponential(weight + (try logChoose(totals[index], left)) - all)
        for (level, alpha) in levels.enumerated() where p < alpha { rates[level] += mass }
        return
      }
      for count in 0...min(left, totals[index]) {
        try visit(first + [count], left - count, weight + (try logChoose(totals[index], count)))
      }
    }
    try visit([], size, 0)
    return rates
  }

  /// At the levels of a run the test refuses equal laws about as often as it says at most, exactly, from expected counts
  /// of 10 on: the largest ratio of these rates to their levels is 1.22, and a run's shares have room for 2.
  @Test(arguments: [
    [20, 980], [40, 960], [80, 920], [200, 800], [500, 500], [20, 20, 460], [20, 30, 50], [40, 60, 100],
    [20, 20, 20, 40],
  ])
  func equalLawsAreRefusedAtTheStatedRate(totals: [Int]) throws {
    let levels = [1e-6, 1.25e-7, 4.2e-8, 1e-8]
    let rates = try Self.rate(totals, below: levels)
    for (rate, level) in zip(rates, levels) { #expect(rate <= 1.25 * level, "\(totals): \(rate) at \(level)") }
    // The test is not idle.
    #expect(try Self.rate(totals, below: [0.01])[0] > 0.003)
  }

  /// With scipy's non-central law: the smallest λ whose lower tail at the critical value is 1e-6.
  @Test(arguments: [(1, 64, 0.1, 1.25e-7, 9988), (3, 64, 0.2, 1e-6 / 24, 2566), (3, 32, 0.1, 1e-6 / 24, 8530)])
  func samplesMatchTheOracle(prompts: Int, outcomes: Int, distance: Double, falseFail: Double, samples: Int) throws {
    let planned = try TwoSampleChiSquare.samples(
      totalVariation: distance, outcomes: outcomes, falseFail: falseFail, falsePass: 1e-6)
    #expect(planned == samples)
    let power = try TwoSampleChiSquare.power(
      totalVariation: distance, samples: planned, degreesOfFreedom: outcomes - 1, falseFail: falseFail)
    #expect(power >= 1 - 1e-6)
  }

  /// λ/n = Σ(p − q)²/(p + q) is never below 2δ², and is that where the ratio of the laws is the same everywhere.
  @Test func effectIsTheLeastOfItsDistance() {
    for (p, q) in [
      ([0.5, 0.5], [0.4, 0.6]), ([0.9, 0.1, 0], [0.7, 0.1, 0.2]), ([0.3, 0.3, 0.4], [0.1, 0.6, 0.3]),
    ] {
      let noncentrality = zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / ($1.0 + $1.1) }
      let distance = zip(p, q).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
      let effect = TwoSampleChiSquare.effect(totalVariation: distance)
      #expect(noncentrality >= effect * effect * (1 - 1e-12))
    }
    let effect = TwoSampleChiSquare.effect(totalVariation: 0.2)
    #expect(isClose(effect * effect, 0.08, within: 1e-12))
  }
}
