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

extension FiniteLaw {
  /// Norm[(self − draft)₊], the law to continue with after a rejection; `nil` where the two laws are equal.
  public func residual(minus draft: FiniteLaw) -> FiniteLaw? {
    var positive = [Scalar](repeating: .zero, count: count)
    let sum = Laws.residual(
      of: probabilities, targetMass: .one, minus: draft.probabilities, draftMass: .one,
      rejecting: -1, into: &positive)
    return sum > .zero ? FiniteLaw(unchecked: positive.map { $0 / sum }) : nil
  }

  /// The law with these tokens excluded and the rest renormalised; `nil` where nothing is left.
  public func excluding(_ tokens: some Sequence<Int>) -> FiniteLaw? {
    var weights = probabilities
    for token in tokens { weights[token] = .zero }
    let sum = Laws.mass(of: weights.span)
    return sum > .zero ? FiniteLaw(unchecked: weights.map { $0 / sum }) : nil
  }

  /// Σ min(self, other): how often a draft from `other` is accepted by this law.
  public func overlap(with other: FiniteLaw) -> Scalar {
    zip(probabilities, other.probabilities).reduce(.zero) { $0 + min($1.0, $1.1) }
  }

  /// Half the sum of absolute differences, between 0 and 1.
  public func totalVariation(to other: FiniteLaw) -> Scalar {
    let differences = zip(probabilities, other.probabilities).reduce(Scalar.zero) {
      $0 + ($1.0 > $1.1 ? $1.0 - $1.1 : $1.1 - $1.0)
    }
    return differences / Scalar(2)
  }

  init(unchecked probabilities: [Scalar]) { self.probabilities = probabilities }
}
