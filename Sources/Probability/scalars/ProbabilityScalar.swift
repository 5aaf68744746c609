/// A number that a probability can be: `Float` and `Double` to sample, ``Rational`` to prove.
///
/// The decoder is written once over this protocol. The two questions that a source of choice answers about
/// a uniform (``isProduct(of:and:below:)`` and ``index(of:in:total:)``) are requirements, so that each
/// scalar answers them in its own best arithmetic: floats in `Double`, rationals exactly.
public protocol ProbabilityScalar: AdditiveArithmetic, Comparable, Hashable, Sendable, CustomStringConvertible {
  /// The probability of a certain event.
  static var one: Self { get }

  /// The whole number `value`, exact up to the scalar's precision.
  init(_ value: Int)

  /// The scalar nearest to an exact value.
  init(nearest value: Rational)

  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self

  /// Whether the value is neither NaN nor infinite.
  var isFinite: Bool { get }

  /// The nearest `Double`.
  var approximation: Double { get }

  /// The exact value, or `nil` where the value is not finite.
  var exact: Rational? { get }

  /// The largest relative error of one rounded operation: 2⁻⁵³ for `Double`, 2⁻²⁴ for `Float`, 0 for ``Rational``.
  static var unitRoundoff: Double { get }

  /// How many halvings a search for a threshold takes before it settles on the safe side.
  static var bisectionSteps: Int { get }

  /// The value to the power 1 / `temperature`, for a temperature above 0.
  ///
  /// - Throws: ``ProbabilityError/inexactPower(temperature:)`` where the scalar is exact and the power is not.
  func raised(toReciprocalOf temperature: Double) throws(ProbabilityError) -> Self

  /// Whether `uniform · denominator < numerator`: the acceptance test, without a division.
  static func isProduct(of uniform: Double, and denominator: Self, below numerator: Self) -> Bool

  /// The first index whose cumulative weight exceeds `uniform · total`; never one of weight 0.
  ///
  /// Where rounding leaves no cumulative weight above the threshold, the last index of positive weight.
  /// - Returns: the index, or -1 if every weight is 0.
  /// - Complexity: O(weights.count).
  static func index(of uniform: Double, in weights: Span<Self>, total: Self) -> Int
}
