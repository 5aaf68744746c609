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
    try apply(to: &shaped, in: shaped.indices)
    return shaped
  }

  /// Shapes the law in a range of `values` where it stands.
  ///
  /// - Throws: what ``applied(to:)`` throws.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func apply<Scalar: ProbabilityScalar>(
    to values: inout [Scalar], in row: Range<Int>
  ) throws(SpeculativeDecodingError) {
    do {
      let isTempered = temperature != 1 && temperature != 0
      if isTempered { try temper(&values, in: row) }
      guard isTruncating else {
        if !isTempered { try normalise(&values, in: row) }
        return
      }
      var law = try TruncatedLaw(values, in: row, isNormalised: isTempered)
      if temperature == 0 { law.keepLargest(1, of: values) }
      if topK > 0, topK < row.count { law.keepLargest(topK, of: values) }
      if topP < 1 { law.keepLargest(ofMass: topP, of: values) }
      if minP > 0 { law.keepAtLeast(minP, of: values) }
      law.write(into: &values, in: row)
    } catch {
      throw .invalidLaw(place: "the law under the sampling profile", reason: error)
    }
  }

  /// Whether tokens are left out.
  var isTruncating: Bool { temperature == 0 || topK > 0 || topP < 1 || minP > 0 }

  /// Norm[p^(1/T)].
  private func temper<Scalar: ProbabilityScalar>(
    _ values: inout [Scalar], in row: Range<Int>
  ) throws(ProbabilityError) {
    try normalise(&values, in: row)
    // Divided by the largest first: powers of small probabilities would underflow all together.
    var largest = Scalar.zero
    for index in row where values[index] > largest { largest = values[index] }
    // Many tokens share a value, where a law is backed off to a constant.
    var last = (value: Scalar.zero, power: Scalar.zero)
    for index in row {
      if values[index] != last.value {
        last = (values[index], try (values[index] / largest).raised(toReciprocalOf: temperature))
      }
      values[index] = last.power
    }
    try normalise(&values, in: row)
  }

  private func normalise<Scalar: ProbabilityScalar>(
    _ values: inout [Scalar], in row: Range<Int>
  ) throws(ProbabilityError) {
    var maxima: [Scalar] = []
    let sum = try Self.validatedSum(of: values, in: row, maxima: &maxima)
    if sum != .one { Laws.divide(&values, in: row, by: sum) }
  }

  /// The sum of a law, and the largest value of each block.
  static func validatedSum<Scalar: ProbabilityScalar>(
    of values: [Scalar], in row: Range<Int>, maxima: inout [Scalar]
  ) throws(ProbabilityError) -> Scalar {
    guard !row.isEmpty else { throw .emptyLaw }
    let (sum, isPositive) = Scalar.survey(values.span.extracting(row), maxima: &maxima)
    // A sum is finite only where all of its terms are: else it is worth a look at each.
    if !isPositive || !sum.isFinite {
      for (token, index) in row.enumerated() {
        guard values[index].isFinite else { throw .notFinite(outcome: token) }
        guard values[index] >= .zero else { throw .negative(outcome: token, value: values[index].description) }
      }
    }
    guard sum > .zero else { throw .noMass }
    return sum
  }
}
