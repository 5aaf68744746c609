/// The non-central chi-square law, which GSL lacks: a Poisson mixture of GSL's central laws.
public enum NoncentralChiSquare {
  /// P(χ′²(df, λ) > x) = Σⱼ e^{−λ/2} (λ/2)ʲ / j! · Q(x; df + 2j).
  ///
  /// - Parameters:
  ///   - x: at least 0; infinity gives 0.
  ///   - degreesOfFreedom: at least 1.
  ///   - noncentrality: λ, 0 to ``largestNoncentrality``.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  /// - Complexity: O(√λ) tails.
  public static func upperTail(
    _ x: Double, degreesOfFreedom: Int, noncentrality: Double
  ) throws(StatisticsError) -> Double {
    try mixture(noncentrality) { more throws(StatisticsError) in
      try ChiSquare.upperTail(x, degreesOfFreedom: degreesOfFreedom + more)
    }
  }

  /// P(χ′²(df, λ) ≤ x): how often a test with the critical value x misses, without rounding against 1.
  ///
  /// Ranges, errors and complexity are those of ``upperTail(_:degreesOfFreedom:noncentrality:)``; infinity gives 1.
  public static func lowerTail(
    _ x: Double, degreesOfFreedom: Int, noncentrality: Double
  ) throws(StatisticsError) -> Double {
    try mixture(noncentrality) { more throws(StatisticsError) in
      try ChiSquare.lowerTail(x, degreesOfFreedom: degreesOfFreedom + more)
    }
  }

  /// The largest λ: the degrees of freedom of its mixture are still exact numbers.
  public static let largestNoncentrality = 1e15

  /// The mean of a tail of df + 2j over j ~ Poisson(λ/2), given by the `more` = 2j degrees of freedom.
  ///
  /// Summed both ways from the largest weight, and divided by the sum of the weights: the factor e^{−λ/2}, which
  /// underflows, cancels, and with it the rounding of its logarithm.
  private static func mixture(
    _ noncentrality: Double, tail: (_ more: Int) throws(StatisticsError) -> Double
  ) throws(StatisticsError) -> Double {
    guard noncentrality >= 0, noncentrality <= largestNoncentrality else {
      throw .argument("a non-centrality is 0 to \(largestNoncentrality), not \(noncentrality)")
    }
    if noncentrality == 0 { return try tail(0) }
    let mean = noncentrality / 2
    let start = mean.rounded(.down)
    var sum = try tail(2 * Int(start))
    var weights = 1.0
    var index = start
    var weight = 1.0
    // No tail exceeds 1, so that a weight below 1e-18 of the sum cannot change it.
    while weight > 1e-18 * sum {
      index += 1
      weight *= mean / index
      weights += weight
      sum += weight * (try tail(2 * Int(index)))
    }
    index = start
    weight = 1
    while index > 0, weight > 1e-18 * sum {
      weight *= index / mean
      index -= 1
      weights += weight
      sum += weight * (try tail(2 * Int(index)))
    }
    return min(1, sum / weights)
  }
}
