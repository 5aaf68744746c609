/// A number that a probability can be: `Float` and `Double` to sample, ``Rational`` to prove.
///
/// The decoder is written once over this protocol. The two questions that a source of choice answers about
/// a uniform (``isProduct(of:and:below:)`` and ``index(of:in:total:)``) are requirements, so that each
/// scalar answers them in its own best arithmetic: floats in `Double`, rationals exactly.
public protocol ProbabilityScalar: AdditiveArithmetic, Comparable, Hashable, Sendable, CustomStringConvertible {
  /// The accumulator type of long sums: `Double` for floats, so that rare tokens are not lost; else the scalar itself.
  associatedtype Sum: AdditiveArithmetic & Comparable & Sendable

  /// The probability of a certain event.
  static var one: Self { get }

  /// The whole number `value`, exact up to the scalar's precision.
  init(_ value: Int)

  /// The scalar nearest to an exact value.
  init(nearest value: Rational)

  /// The value as a summand, without rounding.
  var summand: Sum { get }

  /// The scalar nearest to a sum.
  init(rounding sum: Sum)

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

  /// The same index, by the sums of blocks that are known already.
  ///
  /// - Parameter sums: those of all weights.
  static func index(
    of uniform: Double, in weights: Span<Self>, sums: borrowing BlockSums<Self>, total: Self
  ) -> Int

  /// The sum, the signs and the largest of weights: a truncation's first look at them, in one pass.
  ///
  /// - Parameter maxima: is given the largest weight, or 0, of every ``Laws/maximumBlock`` weights.
  /// - Returns: the sum, NaN or infinite where a weight is, and whether no weight is below 0.
  static func survey(_ weights: Span<Self>, maxima: inout [Self]) -> (sum: Self, isPositive: Bool)

  /// The sum of the weights of at least a threshold, by the maxima of ``survey(_:maxima:)``.
  static func mass(of weights: Span<Self>, atLeast threshold: Self, maxima: [Self]) -> Self

  /// The indices of the weights of at least a threshold, ascending, by the maxima of ``survey(_:maxima:)``.
  static func collect(from weights: Span<Self>, atLeast threshold: Self, maxima: [Self]) -> [Int32]
}

extension ProbabilityScalar {
  /// The index, without the sums: what adds up exactly needs no short cut.
  @inlinable
  public static func index(
    of uniform: Double, in weights: Span<Self>, sums: borrowing BlockSums<Self>, total: Self
  ) -> Int {
    index(of: uniform, in: weights, total: total)
  }

  /// One weight after the other; ``Swift/Float``, which is what real vocabularies come in, has it eight at a time.
  @inlinable
  public static func survey(_ weights: Span<Self>, maxima: inout [Self]) -> (sum: Self, isPositive: Bool) {
    maxima.removeAll(keepingCapacity: true)
    var isPositive = true
    for start in stride(from: 0, to: weights.count, by: Laws.maximumBlock) {
      var largest = Self.zero
      for index in start..<min(start + Laws.maximumBlock, weights.count) {
        let weight = weights[index]
        if weight > largest { largest = weight }
        if weight < .zero { isPositive = false }
      }
      maxima.append(largest)
    }
    return (Laws.mass(of: weights), isPositive)
  }

  /// One weight after the other.
  @inlinable
  public static func mass(of weights: Span<Self>, atLeast threshold: Self, maxima: [Self]) -> Self {
    var sum = Sum.zero
    for (block, largest) in maxima.enumerated() where largest >= threshold {
      let start = block * Laws.maximumBlock
      for index in start..<min(start + Laws.maximumBlock, weights.count) where weights[index] >= threshold {
        sum += weights[index].summand
      }
    }
    return Self(rounding: sum)
  }

  /// One weight after the other.
  @inlinable
  public static func collect(from weights: Span<Self>, atLeast threshold: Self, maxima: [Self]) -> [Int32] {
    var indices: [Int32] = []
    for (block, largest) in maxima.enumerated() where largest >= threshold {
      let start = block * Laws.maximumBlock
      for index in start..<min(start + Laws.maximumBlock, weights.count) where weights[index] >= threshold {
        indices.append(Int32(index))
      }
    }
    return indices
  }
}
