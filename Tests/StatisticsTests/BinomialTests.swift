import Testing

@testable import Statistics

/// Exact tails against sums in 50 digits (mpmath) and, at 10¹⁰ trials, against scipy.stats.binom.
@Suite struct BinomialTests {
  struct Oracle: Sendable {
    let count: Int
    let trials: Int
    let probability: Double
    let lower: Double
    let upper: Double
    let tolerance: Double

    init(
      _ count: Int, of trials: Int, at probability: Double, lower: Double, upper: Double, within tolerance: Double
    ) {
      (self.count, self.trials, self.probability) = (count, trials, probability)
      (self.lower, self.upper, self.tolerance) = (lower, upper, tolerance)
    }
  }

  static let byGSL = [
    Oracle(0, of: 10, at: 0.1, lower: 0.34867844009999998, upper: 1, within: 1e-13),
    Oracle(3, of: 10, at: 0.5, lower: 0.171875, upper: 0.9453125, within: 1e-13),
    Oracle(7, of: 20, at: 0.3, lower: 0.77227179741816049, upper: 0.39199018779907599, within: 1e-13),
    Oracle(45, of: 100, at: 0.5, lower: 0.18410080866334812, upper: 0.86437348796308263, within: 1e-12),
    Oracle(520, of: 1000, at: 0.5, lower: 0.90261683576911726, upper: 0.10872414660207047, within: 1e-11),
    Oracle(
      99_000, of: 100_000, at: 0.99, lower: 0.5042686879721229, upper: 0.50840947335142169, within: 1e-9),
  ]

  static let bySum = [
    Oracle(
      100_300, of: 1_000_000, at: 0.1, lower: 0.84174740851401799, upper: 0.15905844454716649, within: 1e-12),
    // GSL's own beta tails lose these two: 6e-4 off, and 0.
    Oracle(0, of: 1_000_000, at: 3e-5, lower: 9.3534129016388015e-14, upper: 1, within: 1e-12),
    Oracle(0, of: 1_000_000, at: 3e-4, lower: 4.9216221438312316e-131, upper: 1, within: 1e-12),
    Oracle(
      12, of: 1_000_000_000_000, at: 3e-11, lower: 0.00016769764952329875, upper: 0.99993612297461256,
      within: 1e-12),
    // GSL gives NaN here.
    Oracle(
      5_000_000, of: 10_000_000, at: 0.5, lower: 0.50012615662294709, upper: 0.50012615662294709,
      within: 1e-12),
    Oracle(1_037_000, of: 100_000_000, at: 0.01, lower: 1, upper: 2.2934562032377934e-299, within: 1e-11),
    Oracle(60_000, of: 10_000_000_000, at: 5e-6, lower: 1, upper: 0, within: 0),
    Oracle(
      1_000_000_000, of: 10_000_000_000, at: 0.1, lower: 0.5000084221144934, upper: 0.5000048759615142,
      within: 1e-10),
    Oracle(
      999_900_000, of: 10_000_000_000, at: 0.1, lower: 0.00042901673015570613, upper: 0.9995710346729645,
      within: 1e-10),
    Oracle(
      5_000_000_000, of: 10_000_000_000, at: 0.5, lower: 0.5000039894228046, upper: 0.5000039894228046,
      within: 1e-10),
  ]

  @Test(arguments: byGSL + bySum) func tailsAreExact(_ oracle: Oracle) throws {
    let lower = try Binomial.lowerTail(oracle.count, trials: oracle.trials, probability: oracle.probability)
    let upper = try Binomial.upperTail(oracle.count, trials: oracle.trials, probability: oracle.probability)
    #expect(isClose(lower, oracle.lower, within: oracle.tolerance), "\(lower)")
    #expect(isClose(upper, oracle.upper, within: oracle.tolerance), "\(upper)")
    let both = try Binomial.twoSidedTest(oracle.count, trials: oracle.trials, probability: oracle.probability)
    #expect(isClose(both, min(1, 2 * oracle.lower, 2 * oracle.upper), within: oracle.tolerance))
  }

  /// The two ways to a tail agree where both are right: GSL's beta, and the sum of ratios.
  @Test(arguments: [0.001, 0.03, 0.5, 0.9]) func sumsAgreeWithGSL(probability: Double) throws {
    let trials = 2000
    for count in stride(from: 0, through: trials, by: 7) {
      let sums = Binomial.ratioSums(
        at: Double(count), trials: Double(trials), odds: probability / (1 - probability))
      let lower = 1 / (1 + sums.above / (sums.below + Binomial.unit))
      let upper = 1 / (1 + sums.below / (sums.above + Binomial.unit))
      let lowerTail = try Binomial.lowerTail(count, trials: trials, probability: probability)
      let upperTail = try Binomial.upperTail(count, trials: trials, probability: probability)
      // GSL's logarithms of 10³ to 10⁴ cost it some figures.
      if lowerTail > 1e-290 { #expect(isClose(lower, lowerTail, within: 1e-10), "\(count)") }
      if upperTail > 1e-290 { #expect(isClose(upper, upperTail, within: 1e-10), "\(count)") }
    }
  }

  /// P(X ≤ k) + P(X ≥ k + 1) = 1 on both sides of the change of method, and a count is in both of its tails.
  @Test(arguments: [100_000, 100_001]) func tailsAreComplements(trials: Int) throws {
    for count in stride(from: 0, to: trials, by: 997) {
      let lower = try Binomial.lowerTail(count, trials: trials, probability: 0.25)
      let upper = try Binomial.upperTail(count + 1, trials: trials, probability: 0.25)
      #expect(abs(lower + upper - 1) < 1e-12)
    }
  }

  /// A false-fail rate of α is held at every α: the p-value is ≤ α with probability ≤ α.
  @Test(arguments: [0.001, 0.1, 0.5, 0.77]) func twoSidedTestIsValid(probability: Double) throws {
    let trials = 60
    var outcomes: [(pValue: Double, mass: Double)] = []
    var below = 0.0
    for count in 0...trials {
      let upTo = try Binomial.lowerTail(count, trials: trials, probability: probability)
      let pValue = try Binomial.twoSidedTest(count, trials: trials, probability: probability)
      outcomes.append((pValue, upTo - below))
      below = upTo
    }
    for (alpha, _) in outcomes {
      let reached = outcomes.reduce(0) { $0 + ($1.pValue <= alpha ? $1.mass : 0) }
      #expect(reached <= alpha + 1e-12)
    }
  }

  @Test func certaintiesAreExact() throws {
    for trials in [0, 1, 50, 10_000_000_000] {
      #expect(try Binomial.twoSidedTest(0, trials: trials, probability: 0) == 1)
      #expect(try Binomial.twoSidedTest(trials, trials: trials, probability: 1) == 1)
    }
    for trials in [1, 50, 10_000_000_000] {
      #expect(try Binomial.twoSidedTest(1, trials: trials, probability: 0) == 0)
      #expect(try Binomial.twoSidedTest(trials - 1, trials: trials, probability: 1) == 0)
      #expect(try Binomial.lowerTail(trials - 1, trials: trials, probability: 1) == 0)
      #expect(try Binomial.upperTail(1, trials: trials, probability: 0) == 0)
    }
  }

  @Test func badInputIsRefused() {
    #expect(throws: StatisticsError.argument("a count of 3 trials is 0 to 3, not 4")) {
      try Binomial.lowerTail(4, trials: 3, probability: 0.5)
    }
    #expect(throws: StatisticsError.argument("a count of 3 trials is 0 to 3, not -1")) {
      try Binomial.upperTail(-1, trials: 3, probability: 0.5)
    }
    #expect(throws: StatisticsError.argument("a number of trials is 0 to 9007199254740992, not -1")) {
      try Binomial.twoSidedTest(0, trials: -1, probability: 0.5)
    }
    #expect(throws: StatisticsError.self) {
      try Binomial.twoSidedTest(0, trials: Binomial.maximumTrials + 1, probability: 0.5)
    }
    for probability in [-0.1, 1.5, .nan, .infinity] {
      #expect(throws: StatisticsError.argument("a probability is 0 to 1, not \(probability)")) {
        try Binomial.twoSidedTest(0, trials: 1, probability: probability)
      }
    }
  }
}
