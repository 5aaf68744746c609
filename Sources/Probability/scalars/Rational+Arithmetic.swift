import BigInt

extension Rational: AdditiveArithmetic {
  /// The fraction 0/1.
  @inlinable public static var zero: Rational { Rational(reduced: 0, over: 1) }

  /// The exact sum.
  ///
  /// Knuth 4.5.1: with g the common divisor of the denominators, only g can divide the new numerator, so both
  /// reductions work on small numbers and overflow is met as late as possible.
  @inlinable
  public static func + (left: Rational, right: Rational) -> Rational {
    if left.large == nil, right.large == nil {
      if left.small == 0 { return right }
      if right.small == 0 { return left }
      let divisor =
        left.smallDenominator == right.smallDenominator
        ? left.smallDenominator
        : Int64(greatestCommonDivisor(UInt64(left.smallDenominator), UInt64(right.smallDenominator)))
      let leftScale = right.smallDenominator / divisor
      let rightScale = left.smallDenominator / divisor
      let (a, overflowA) = left.small.multipliedReportingOverflow(by: leftScale)
      let (b, overflowB) = right.small.multipliedReportingOverflow(by: rightScale)
      let (sum, overflowSum) = a.addingReportingOverflow(b)
      if !(overflowA || overflowB || overflowSum), sum != .min {
        let common = Int64(greatestCommonDivisor(sum.magnitude, UInt64(divisor)))
        let (bottom, overflow) = rightScale.multipliedReportingOverflow(by: right.smallDenominator / common)
        if !overflow { return Rational(reduced: sum / common, over: bottom) }
      }
    }
    return Rational(
      large: left.numerator * right.denominator + right.numerator * left.denominator,
      over: left.denominator * right.denominator)
  }

  /// The exact difference.
  @inlinable
  public static func - (left: Rational, right: Rational) -> Rational { left + -right }

  /// The exact negative.
  @inlinable
  public static prefix func - (value: Rational) -> Rational {
    guard value.large == nil else { return Rational(large: -value.numerator, over: value.denominator) }
    return Rational(reduced: -value.small, over: value.smallDenominator)
  }

  /// The exact product, reduced crosswise before it is multiplied.
  @inlinable
  public static func * (left: Rational, right: Rational) -> Rational {
    if left.large == nil, right.large == nil {
      if left.small == 0 || right.small == 0 { return zero }
      let first = Int64(greatestCommonDivisor(left.small.magnitude, UInt64(right.smallDenominator)))
      let second = Int64(greatestCommonDivisor(right.small.magnitude, UInt64(left.smallDenominator)))
      let (top, overflowTop) = (left.small / first).multipliedReportingOverflow(by: right.small / second)
      let (bottom, overflowBottom) = (left.smallDenominator / second)
        .multipliedReportingOverflow(by: right.smallDenominator / first)
      if !overflowTop, !overflowBottom, top != .min { return Rational(reduced: top, over: bottom) }
    }
    return Rational(
      large: left.numerator * right.numerator, over: left.denominator * right.denominator)
  }

  /// The exact quotient.
  ///
  /// - Precondition: the divisor is not 0.
  @inlinable
  public static func / (left: Rational, right: Rational) -> Rational {
    precondition(right != zero, "division of a fraction by 0")
    if right.large == nil {
      let sign: Int64 = right.small < 0 ? -1 : 1
      return left * Rational(reduced: sign * right.smallDenominator, over: sign * right.small)
    }
    return Rational(large: left.numerator * right.denominator, over: left.denominator * right.numerator)
  }
}
