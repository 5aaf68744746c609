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
    let samples = 1_000_000
    let probability = Double(oracle.expected) / Double(samples)
    let plan = try CellPlan(
      probabilities: [probability, 1 - probability], samples: samples, minimumExpected: 0)
    for (significance, ratio) in zip([1e-3, 1e-6, 1e-9], oracle.ratios) {
      func isRefused(_ count: Int) throws -> Bool {
        try plan.test(counts: [count, samples - count]).pValue < significance
      }
      // The statistic grows away from its mean: the first refused counts on both sides bound the region.
      var above = oracle.expected
      while try !isRefused(above) { above += 1 }
      var below = oracle.expected
      while below >= 0, try !isRefused(below) { below -= 1 }
      var error = try Binomial.upperTail(above, trials: samples, probability: probability)
      if below >= 0 { error += try Binomial.lowerTail(below, trials: samples, probability: probability) }
      #expect(abs(error / significance - ratio.value) <= ratio.rounding, "\(error / significance)")
    }
  }
}
