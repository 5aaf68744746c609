import Testing

@testable import Statistics

/// What "expected count at least 5" is worth at a small significance: the exact type I error of Pearson's test.
@Suite struct TypeOneErrorTests {
  struct Oracle: Sendable {
    let expected: Int
    /// The true error over the nominal one at 1e-3, 1e-6 and 1e-9, and half a unit of what is printed last.
    let ratios: [(value: Double, rounding: Double)]
  }

  /// Two cells of one million samples; every count that the test refuses is weighed with its binomial probability.
  @Test(arguments: [
    Oracle(expected: 5, ratios: [(2.0, 0.05), (69, 0.5), (1400, 50)]),
    Oracle(expected: 10, ratios: [(1.6, 0.05), (18, 0.5), (251, 0.5)]),
    Oracle(expected: 50, ratios: [(1.03, 0.005), (4.1, 0.05), (19, 0.5)]),
    Oracle(expected: 100, ratios: [(1.2, 0.05), (2.9, 0.05), (7.7, 0.05)]),
    Oracle(expected: 1000, ratios: [(0.95, 0.005), (1.16, 0.005), (1.5, 0.05)]),
  ]) func pearsonExceedsItsNominalError(_ oracle: Oracle) throws {
    for (significance, ratio) in zip([1e-3, 1e-6, 1e-9], oracle.ratios) {
      let value = try Self.trueOverNominal(at: significance, expected: oracle.expected)
      #expect(abs(value - ratio.value) <= ratio.rounding, "\(value)")
    }
  }

  /// Levels of a suite's cases, against scipy's binomial tails: why shares sum to half of the false-fail rate.
  @Test(arguments: [(1e-8, 1.3183), (6.49e-9, 1.4260), (5e-9, 1.5491)])
  func sharesLeaveRoomForTheTrueError(significance: Double, ratio: Double) throws {
    let value = try Self.trueOverNominal(at: significance, expected: 1000)
    #expect(abs(value - ratio) < 1e-4, "\(value)")
  }

  private static func trueOverNominal(at significance: Double, expected: Int) throws -> Double {
    let samples = 1_000_000
    let probability = Double(expected) / Double(samples)
    let plan = try CellPlan(
      probabilities: [probability, 1 - probability], samples: samples, minimumExpected: 0)
    func isRefused(_ count: Int) throws -> Bool {
      try plan.test(counts: [count, samples - count]).pValue < significance
    }
    // The statistic grows away from its mean: the first refused counts on both sides bound the region.
    var above = expected
    while try !isRefused(above) { above += 1 }
    var below = expected
    while below >= 0, try !isRefused(below) { below -= 1 }
    var error = try Binomial.upperTail(above, trials: samples, probability: probability)
    if below >= 0 { error += try Binomial.lowerTail(below, trials: samples, probability: probability) }
    return error / significance
  }
}
