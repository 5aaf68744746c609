/// A probability law over the tokens 0 ..< count: finite, non-negative, summing to one.
///
/// Validated once, here, so that nothing that draws from it has to ask again.
public struct FiniteLaw<Scalar: ProbabilityScalar>: Hashable, Sendable {
  /// The probability of each token; at least one, all finite and non-negative, with sum one.
  public let probabilities: [Scalar]

  /// A law with these probabilities, renormalised where they are floats that sum to one only nearly.
  ///
  /// - Parameter tolerance: how far the sum may be from one, 1e-9 by default or what the rounding of the
  ///   scalar accounts for, if that is more; rationals must sum to one exactly.
  /// - Throws: ``ProbabilityError`` for an empty law, a NaN, infinite or negative value, or a wrong sum.
  public init(_ probabilities: [Scalar], tolerance: Double? = nil) throws(ProbabilityError) {
    let sum = try Self.validatedSum(of: probabilities)
    let unit = Scalar.unitRoundoff
    let allowed = unit == 0 ? 0 : tolerance ?? max(1e-9, 2 * unit * Double(probabilities.count))
    guard allowed == 0 ? sum == .one : abs(sum.approximation - 1) <= allowed else {
      throw .wrongSum(sum.description, tolerance: allowed)
    }
    self.probabilities = sum == .one ? probabilities : probabilities.map { $0 / sum }
  }

  /// The law proportional to these weights.
  ///
  /// - Throws: ``ProbabilityError`` for an empty law, a NaN, infinite or negative value, or no mass.
  public init(weights: [Scalar]) throws(ProbabilityError) {
    let sum = try Self.validatedSum(of: weights)
    guard sum > .zero else { throw .noMass }
    probabilities = weights.map { $0 / sum }
  }

  private static func validatedSum(of weights: [Scalar]) throws(ProbabilityError) -> Scalar {
    guard !weights.isEmpty else { throw .emptyLaw }
    for (token, weight) in weights.enumerated() {
      guard weight.isFinite else { throw .notFinite(outcome: token) }
      guard weight >= .zero else { throw .negative(outcome: token, value: weight.description) }
    }
    return Laws.mass(of: weights.span)
  }

  /// The number of tokens.
  public var count: Int { probabilities.count }

  /// The probability of a token.
  public subscript(token: Int) -> Scalar { probabilities[token] }

  /// The tokens of positive probability, ascending.
  public var support: [Int] { probabilities.indices.filter { probabilities[$0] > .zero } }
}
