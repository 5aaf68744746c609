/// The binomial law of one cell's count: exact tails and an exact test, where a chi-square has too few counts.
///
/// Up to 100 000 trials the tails are GSL's, through the beta law. Beyond, GSL 2.7.1 cannot be used: its continued
/// fraction stops unfinished (NaN) within a standard deviation of the mean from about 10⁶ expected hits on, its
/// prefactor is off by some 1e-5 at 10¹⁰ trials, and its tails of fewer than 10 hits cancel to 0. There the tail is a
/// sum of ratios of successive probabilities, normalised by the sum over all counts: no special function, no counts of
/// 32 bits, right to 1e-10 at 10¹⁰ trials and 2e-9 at 10¹².
public enum Binomial {
  /// The most trials: every count up to here is a `Double`.
  public static let maximumTrials = 1 << 53

  /// P(X ≤ `count`) for X ~ Binomial(`trials`, `probability`).
  ///
  /// - Parameters:
  ///   - count: 0 to `trials`; it is part of the tail.
  ///   - trials: 0 to ``maximumTrials``.
  ///   - probability: 0 to 1; at 0 and 1 the tail is exactly 0 or 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  /// - Complexity: O(1) to 100 000 trials; then O(√(n p (1 − p))) for n trials, some 60 standard deviations at most.
  public static func lowerTail(
    _ count: Int, trials: Int, probability: Double
  ) throws(StatisticsError) -> Double {
    try validate(count, trials: trials, probability: probability)
    if count == trials || probability == 0 { return 1 }
    if probability == 1 { return 0 }
    if trials <= largestForGSL {
      return try GSL.betaUpperTail(probability, Double(count) + 1, Double(trials - count))
    }
    let sums = ratioSums(at: Double(count), trials: Double(trials), odds: probability / (1 - probability))
    return 1 / (1 + sums.above / (sums.below + unit))
  }

  /// P(X ≥ `count`) for X ~ Binomial(`trials`, `probability`).
  ///
  /// Ranges, errors and complexity are those of ``lowerTail(_:trials:probability:)``; `count` is part of this tail too.
  public static func upperTail(
    _ count: Int, trials: Int, probability: Double
  ) throws(StatisticsError) -> Double {
    try validate(count, trials: trials, probability: probability)
    if count == 0 || probability == 1 { return 1 }
    if probability == 0 { return 0 }
    if trials <= largestForGSL {
      return try GSL.betaLowerTail(probability, Double(count), Double(trials - count) + 1)
    }
    let sums = ratioSums(at: Double(count), trials: Double(trials), odds: probability / (1 - probability))
    return 1 / (1 + sums.below / (sums.above + unit))
  }

  /// The exact two-sided test of a count: twice the smaller tail, at most 1.
  ///
  /// The convention of Clopper and Pearson (Biometrika 26, 1934): valid at every significance and every number of
  /// trials. R and scipy instead sum all outcomes that are no more probable than the observed one. A hit where the
  /// probability is 0, or a miss where it is 1, has p-value 0.
  ///
  /// Ranges, errors and complexity are those of ``lowerTail(_:trials:probability:)``.
  public static func twoSidedTest(
    _ count: Int, trials: Int, probability: Double
  ) throws(StatisticsError) -> Double {
    let lower = try lowerTail(count, trials: trials, probability: probability)
    let upper = try upperTail(count, trials: trials, probability: probability)
    return min(1, 2 * min(lower, upper))
  }

  /// From 10⁵ on, GSL's beta tails take an approximation that cancels where the tail is small.
  static let largestForGSL = 100_000

  /// The number that stands for the count's own probability in the sums: small, so that a mode 10⁵⁸⁰ times as probable
  /// still fits, and large enough that the terms which matter are normal numbers.
  static let unit = 1e-280

  /// The probabilities of all smaller and of all larger counts, in units of the count's own over ``unit``.
  ///
  /// Each sum ends when the geometric series that bounds its rest is below 1e-17 of it. A sum that leaves the range
  /// is infinite, and the tail that it is compared with is then 0 to within 1e-308.
  static func ratioSums(at count: Double, trials: Double, odds: Double) -> (below: Double, above: Double) {
    var below = 0.0
    var term = unit
    var index = count
    while index > 0, below.isFinite {
      let ratio = index / ((trials - index + 1) * odds)
      term *= ratio
      below += term
      index -= 1
      // Ratios fall on the way, so that the rest is less than a geometric series from here.
      if ratio < 1, term * ratio <= 1e-17 * (below + unit) * (1 - ratio) { break }
    }
    var above = 0.0
    term = unit
    index = count
    while index < trials, above.isFinite {
      let ratio = (trials - index) / (index + 1) * odds
      term *= ratio
      above += term
      index += 1
      if ratio < 1, term * ratio <= 1e-17 * (above + unit) * (1 - ratio) { break }
    }
    return (below, above)
  }

  private static func validate(_ count: Int, trials: Int, probability: Double) throws(StatisticsError) {
    guard (0...maximumTrials).contains(trials) else {
      throw .argument("a number of trials is 0 to \(maximumTrials), not \(trials)")
    }
    guard (0...trials).contains(count) else {
      throw .argument("a count of \(trials) trials is 0 to \(trials), not \(count)")
    }
    guard probability >= 0, probability <= 1 else {
      throw .argument("a probability is 0 to 1, not \(probability)")
    }
  }
}
