/// The chi-square law: tails by GSL, critical values by bisection of the tail.
public enum ChiSquare {
  /// P(χ²(df) > x).
  ///
  /// - Parameters:
  ///   - x: at least 0; infinity gives 0.
  ///   - degreesOfFreedom: at least 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  public static func upperTail(_ x: Double, degreesOfFreedom: Int) throws(StatisticsError) -> Double {
    try validate(x, degreesOfFreedom)
    return x == .infinity ? 0 : try GSL.chiSquareUpperTail(x, Double(degreesOfFreedom))
  }

  /// P(χ²(df) ≤ x), without the rounding of 1 less the other tail.
  ///
  /// Ranges and errors are those of ``upperTail(_:degreesOfFreedom:)``; infinity gives 1.
  public static func lowerTail(_ x: Double, degreesOfFreedom: Int) throws(StatisticsError) -> Double {
    try validate(x, degreesOfFreedom)
    return x == .infinity ? 1 : try GSL.chiSquareLowerTail(x, Double(degreesOfFreedom))
  }

  private static func validate(_ x: Double, _ degreesOfFreedom: Int) throws(StatisticsError) {
    guard degreesOfFreedom >= 1 else {
      throw .argument("a chi-square needs at least 1 degree of freedom, not \(degreesOfFreedom)")
    }
    guard x >= 0 else { throw .argument("a chi-square statistic is at least 0, not \(x)") }
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
