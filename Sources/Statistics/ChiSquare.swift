/// The chi-square law: tails by GSL, critical values by bisection of the tail.
public enum ChiSquare {
  /// P(χ²(df) > x).
  ///
  /// - Parameters:
  ///   - x: at least 0; infinity gives 0.
  ///   - degreesOfFreedom: at least 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  public static func upperTail(_ x: Double, degreesOfFreedom: Int) throws(StatisticsError) -> Double {
    guard degreesOfFreedom >= 1 else {
      throw .argument("a chi-square needs at least 1 degree of freedom, not \(degreesOfFreedom)")
    }
    guard x >= 0 else { throw .argument("a chi-square statistic is at least 0, not \(x)") }
    return x == .infinity ? 0 : try GSL.chiSquareUpperTail(x, Double(degreesOfFreedom))
  }

  /// The x with P(χ²(df) > x) = `upperTail`.
  ///
  /// GSL's own inverse stops after 32 steps unchecked and returns wrong values from df 2154 on; this bisects
  /// the tail and checks that the tail there is what was asked for.
  /// - Throws: ``StatisticsError/argument(_:)`` for a tail outside (0, 1), and
  ///   ``StatisticsError/noConvergence(_:)`` where the tail cannot be met to 1 part in 10⁹.
  public static func criticalValue(
    upperTail: Double, degreesOfFreedom: Int
  ) throws(StatisticsError) -> Double {
    guard upperTail > 0, upperTail < 1 else {
      throw .argument("a significance is between 0 and 1, not \(upperTail)")
    }
    var low = 0.0
    var high = Double(max(degreesOfFreedom, 1))
    while try self.upperTail(high, degreesOfFreedom: degreesOfFreedom) > upperTail { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if try self.upperTail(middle, degreesOfFreedom: degreesOfFreedom) > upperTail {
        low = middle
      } else {
        high = middle
      }
    }
    let met = try self.upperTail(high, degreesOfFreedom: degreesOfFreedom)
    guard abs(met - upperTail) <= 1e-9 * upperTail else {
      throw .noConvergence("the critical value of \(upperTail) at \(degreesOfFreedom) degrees of freedom")
    }
    return high
  }
}

/// The non-central chi-square law, which GSL lacks.
public enum NoncentralChiSquare {
  /// P(χ′²(df, λ) > x) = Σⱼ e^{−λ/2} (λ/2)ʲ / j! · Q(x; df + 2j).
  ///
  /// Summed both ways from the largest Poisson weight until the mass that is left is below 1e-16.
  /// - Throws: ``StatisticsError/argument(_:)`` for a negative or infinite λ, or what
  ///   ``ChiSquare/upperTail(_:degreesOfFreedom:)`` refuses.
  /// - Complexity: O(√λ) tails.
  public static func upperTail(
    _ x: Double, degreesOfFreedom: Int, noncentrality: Double
  ) throws(StatisticsError) -> Double {
    guard noncentrality >= 0, noncentrality.isFinite else {
      throw .argument("a non-centrality is at least 0 and finite, not \(noncentrality)")
    }
    if noncentrality == 0 { return try ChiSquare.upperTail(x, degreesOfFreedom: degreesOfFreedom) }
    let mean = noncentrality / 2
    let start = mean.rounded(.down)
    let logWeight = start * Logarithm.natural(mean) - mean - (try GSL.logGamma(start + 1))
    let largest = Logarithm.exponential(logWeight)
    var sum = 0.0
    var index = start
    var weight = largest
    while weight > 1e-18 {
      sum += weight * (try ChiSquare.upperTail(x, degreesOfFreedom: degreesOfFreedom + 2 * Int(index)))
      index += 1
      weight *= mean / index
    }
    index = start
    weight = largest
    while index > 0, weight > 1e-18 {
      weight *= index / mean
      index -= 1
      sum += weight * (try ChiSquare.upperTail(x, degreesOfFreedom: degreesOfFreedom + 2 * Int(index)))
    }
    return min(1, sum)
  }
}
