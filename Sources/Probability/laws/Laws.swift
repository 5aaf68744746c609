/// The kernels on laws that the decoder, ``FiniteLaw`` and the proofs share.
///
/// A law is a span of weights over tokens 0, 1, …; a mass is the sum that turns weights into probabilities.
/// Every kernel is one pass or two over the vocabulary and allocates nothing.
public enum Laws {
  /// The sum of the weights.
  ///
  /// Summed afresh from what is left, never by subtracting what was taken: after a draw that takes nearly all
  /// the mass, `1 - p` would keep only the rounding error of `p`.
  @inlinable
  public static func mass<Scalar: ProbabilityScalar>(of weights: Span<Scalar>) -> Scalar {
    // Four partial sums: one would wait for each addition in turn.
    var (first, second, third, fourth) = (Scalar.zero, Scalar.zero, Scalar.zero, Scalar.zero)
    var index = 0
    while index + 4 <= weights.count {
      first += weights[index]
      second += weights[index + 1]
      third += weights[index + 2]
      fourth += weights[index + 3]
      index += 4
    }
    while index < weights.count {
      first += weights[index]
      index += 1
    }
    return (first + second) + (third + fourth)
  }

  /// Writes `factor` times a range of `source` into `output` from `start` on.
  @inlinable @inline(always)
  public static func scale<Scalar: ProbabilityScalar>(
    _ source: [Scalar], in range: Range<Int>, by factor: Scalar, into output: inout [Scalar], at start: Int
  ) {
    let source = source.span.extracting(range)
    var output = output.mutableSpan
    for index in 0..<source.count { output[start + index] = factor * source[index] }
  }

  /// Writes (target / targetMass − draft / draftMass)₊ with the rejected token set to 0; returns its mass.
  ///
  /// The residual law is the output divided by the returned mass. The rejected token has target < draft, so
  /// its residual is 0; it is set, not computed, because rounding may disagree with the acceptance test.
  /// - Source: Leviathan et al. 2023, theorem 1; RSD (arXiv 2402.14160), algorithm 2.
  @inlinable
  public static func residual<Scalar: ProbabilityScalar>(
    of target: [Scalar], targetMass: Scalar, minus draft: [Scalar], draftMass: Scalar,
    rejecting rejected: Int, into output: inout [Scalar]
  ) -> Scalar {
    let zero = Scalar.zero
    let targetScale = Scalar.one / targetMass
    let draftScale = Scalar.one / draftMass
    let target = target.span
    let draft = draft.span
    var output = output.mutableSpan
    for index in 0..<target.count {
      let difference = target[index] * targetScale - draft[index] * draftScale
      let positive = difference > zero && index != rejected ? difference : zero
      output[index] = positive
    }
    return mass(of: output.span)
  }

  /// Divides the weights by their sum.
  ///
  /// - Returns: whether there was mass to divide by; without, the weights are left as they were.
  @inlinable @discardableResult
  public static func normalise<Scalar: ProbabilityScalar>(_ weights: inout [Scalar]) -> Bool {
    let sum = mass(of: weights.span)
    guard sum > .zero else { return false }
    if sum == .one { return true }
    for index in weights.indices { weights[index] = weights[index] / sum }
    return true
  }
}
