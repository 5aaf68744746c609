import Probability

extension SamplingProfile {
  /// The law of this profile over a model's law.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidLaw(place:reason:)`` where the law has a NaN, a negative value or
  ///   no mass, or the power has no exact value in the scalar.
  /// - Complexity: O(n), a few passes over the law; O(n log n) at worst where thousands of tokens are kept.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func applied<Scalar: ProbabilityScalar>(
    to law: [Scalar]
  ) throws(SpeculativeDecodingError) -> [Scalar] {
    var shaped = law
    var span = shaped.mutableSpan
    try apply(to: &span)
    return shaped
  }

  /// Shapes a law where it stands.
  ///
  /// - Throws: what ``applied(to:)`` throws.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func apply<Scalar: ProbabilityScalar>(
    to law: inout MutableSpan<Scalar>
  ) throws(SpeculativeDecodingError) {
    do {
      let isTempered = temperature != 1 && temperature != 0
      if isTempered { try temper(&law) }
      guard isTruncating else {
        if !isTempered { try normalise(&law) }
        return
      }
      var truncated = try TruncatedLaw(law.span, isNormalised: isTempered)
      if temperature == 0 { truncated.keepLargest(1, of: law.span) }
      if topK > 0, topK < law.count { truncated.keepLargest(topK, of: law.span) }
      if topP < 1 { truncated.keepLargest(ofMass: topP, of: law.span) }
      if minP > 0 { truncated.keepAtLeast(minP, of: law.span) }
      truncated.write(into: &law)
    } catch {
      throw .invalidLaw(place: "the law under the sampling profile", reason: error)
    }
  }

  /// Whether tokens are left out.
  var isTruncating: Bool { temperature == 0 || topK > 0 || topP < 1 || minP > 0 }

  /// Norm[p^(1/T)].
  private func temper<Scalar: ProbabilityScalar>(_ law: inout MutableSpan<Scalar>) throws(ProbabilityError) {
    try normalise(&law)
    // Divided by the largest first: powers of small probabilities would underflow all together.
    var largest = Scalar.zero
    for index in law.indices where law[index] > largest { largest = law[index] }
    // Many tokens share a value, where a law is backed off to a constant.
    var last = (value: Scalar.zero, power: Scalar.zero)
    for index in law.indices {
      if law[index] != last.value {
        last = (law[index], try (law[index] / largest).raised(toReciprocalOf: temperature))
      }
      law[index] = last.power
    }
    try normalise(&law)
  }

  private func normalise<Scalar: ProbabilityScalar>(_ law: inout MutableSpan<Scalar>) throws(ProbabilityError) {
    var maxima: [Scalar] = []
    let sum = try Self.validatedSum(of: law.span, maxima: &maxima)
    if sum != .one { Laws.divide(&law, by: sum) }
  }

  /// The sum of a law, and the largest value of each block.
  static func validatedSum<Scalar: ProbabilityScalar>(
    of law: Span<Scalar>, maxima: inout [Scalar]
  ) throws(ProbabilityError) -> Scalar {
    guard !law.isEmpty else { throw .emptyLaw }
    let (sum, isPositive) = Scalar.survey(law, maxima: &maxima)
    // A sum is finite only where all of its terms are: else it is worth a look at each.
    if !isPositive || !sum.isFinite {
      for token in law.indices {
        guard law[token].isFinite else { throw .notFinite(outcome: token) }
        guard law[token] >= .zero else { throw .negative(outcome: token, value: law[token].description) }
      }
    }
    guard sum > .zero else { throw .noMass }
    return sum
  }
}
