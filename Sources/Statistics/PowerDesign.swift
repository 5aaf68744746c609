/// The design of a chi-square test: how many samples, for which effect, at which two error rates.
///
/// An effect is Cohen's w = √Σ(q′ − q)²/q; twice the total variation is at most w. The non-centrality of N samples
/// is N·w².
public enum PowerDesign {
  /// The probability that a test at significance `falseFail` refuses a law that is wrong by `effect`.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` outside the ranges of its parameters.
  public static func power(
    effect: Double, samples: Int, degreesOfFreedom: Int, falseFail: Double
  ) throws(StatisticsError) -> Double {
    guard effect >= 0, effect.isFinite, samples >= 0 else {
      throw .argument("an effect and a number of samples are at least 0")
    }
    let critical = try ChiSquare.criticalValue(upperTail: falseFail, degreesOfFreedom: degreesOfFreedom)
    return try NoncentralChiSquare.upperTail(
      critical, degreesOfFreedom: degreesOfFreedom, noncentrality: Double(samples) * effect * effect)
  }

  /// The non-centrality λ* at which a test at `falseFail` misses with probability `falsePass`.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for rates outside (0, 1).
  public static func noncentrality(
    degreesOfFreedom: Int, falseFail: Double, falsePass: Double
  ) throws(StatisticsError) -> Double {
    guard falsePass > 0, falsePass < 1 else {
      throw .argument("a false-pass rate is between 0 and 1, not \(falsePass)")
    }
    let critical = try ChiSquare.criticalValue(upperTail: falseFail, degreesOfFreedom: degreesOfFreedom)
    func miss(_ noncentrality: Double) throws(StatisticsError) -> Double {
      try NoncentralChiSquare.lowerTail(
        critical, degreesOfFreedom: degreesOfFreedom, noncentrality: noncentrality)
    }
    var high = 16.0
    while try miss(high) > falsePass { high *= 2 }
    var low = 0.0
    for _ in 0..<60 where high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if try miss(middle) > falsePass { low = middle } else { high = middle }
    }
    return high
  }

  /// The fewest samples at which a law wrong by `effect` is missed with probability `falsePass` at most.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for an effect that is not positive, or rates outside (0, 1).
  public static func samples(
    effect: Double, degreesOfFreedom: Int, falseFail: Double, falsePass: Double
  ) throws(StatisticsError) -> Int {
    guard effect > 0, effect.isFinite else {
      throw .argument("an effect to be found is above 0, not \(effect)")
    }
    let needed = try noncentrality(
      degreesOfFreedom: degreesOfFreedom, falseFail: falseFail, falsePass: falsePass)
    let samples = (needed / (effect * effect)).rounded(.up)
    guard samples < 1e15 else { throw .argument("an effect of \(effect) needs more than 1e15 samples") }
    return Int(samples)
  }

  /// The smallest effect that `samples` find with both error rates.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for no samples, or rates outside (0, 1).
  public static func smallestDetectableEffect(
    samples: Int, degreesOfFreedom: Int, falseFail: Double, falsePass: Double
  ) throws(StatisticsError) -> Double {
    guard samples > 0 else { throw .argument("an effect needs at least 1 sample to be found") }
    let needed = try noncentrality(
      degreesOfFreedom: degreesOfFreedom, falseFail: falseFail, falsePass: falsePass)
    return (needed / Double(samples)).squareRoot()
  }
}
