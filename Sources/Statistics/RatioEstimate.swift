/// A ratio of two sums over independent units, such as tokens over rounds of several texts, and how sure it is.
///
/// To first order the estimate R = Σy / Σx is a mean of the units' influences (y − R·x) / x̄, whose variance gives the
/// standard error; Student's t with n − 1 degrees of freedom gives the interval. Estimates over the *same* units are
/// compared unit by unit, which takes out what the units have in common.
/// - Source: W. G. Cochran, Sampling Techniques, third edition, 1977, section 6.4.
public struct RatioEstimate: Hashable, Sendable {
  /// Σy / Σx.
  public let value: Double
  /// The influence of each unit on the estimate, up to a factor of n; they sum to 0: [unit].
  let influences: [Double]

  /// The ratio over units.
  ///
  /// - Parameters:
  ///   - numerators: y, finite: [unit].
  ///   - denominators: x, finite and at least 0: [unit].
  /// - Returns: `nil` without units, where the two differ in number, or where Σx is 0.
  public init?(_ numerators: [Double], over denominators: [Double]) {
    let sum = denominators.reduce(0, +)
    guard numerators.count == denominators.count, sum > 0 else { return nil }
    let value = numerators.reduce(0, +) / sum
    let mean = sum / Double(denominators.count)
    self.init(value: value, influences: zip(numerators, denominators).map { ($0 - value * $1) / mean })
  }

  private init(value: Double, influences: [Double]) {
    self.value = value
    self.influences = influences
  }

  /// Units.
  public var count: Int { influences.count }

  /// The standard error; `nil` for fewer than two units.
  public var standardError: Double? {
    guard count > 1 else { return nil }
    let sum = influences.reduce(0) { $0 + $1 * $1 }
    return (sum / Double(count * (count - 1))).squareRoot()
  }

  /// Half the width of the interval that covers the ratio with probability `confidence`, for many units or normal ones.
  ///
  /// - Parameter confidence: in (0, 1).
  /// - Returns: `nil` for fewer than two units.
  /// - Throws: ``StatisticsError`` where GSL has no quantile.
  public func halfWidth(confidence: Double = 0.95) throws(StatisticsError) -> Double? {
    guard let standardError else { return nil }
    return try standardError * GSL.studentUpperQuantile((1 - confidence) / 2, Double(count - 1))
  }

  /// This ratio less another of the same units.
  public func minus(_ other: RatioEstimate) -> RatioEstimate {
    RatioEstimate(value: value - other.value, influences: zip(influences, other.influences).map { $0 - $1 })
  }

  /// This ratio over another, positive, of the same units; to first order.
  public func over(_ other: RatioEstimate) -> RatioEstimate {
    let quotient = value / other.value
    let influences = zip(influences, other.influences).map { ($0 - quotient * $1) / other.value }
    return RatioEstimate(value: quotient, influences: influences)
  }
}
