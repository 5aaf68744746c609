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
    var sum = Scalar.zero
    for index in 0..<weights.count { sum += weights[index] }
    return sum
  }

  /// Copies `source` from `start` on into all of `output`.
  @inlinable @inline(always)
  public static func copy<Scalar: ProbabilityScalar>(
    _ source: [Scalar], from start: Int, into output: inout [Scalar]
  ) {
    let source = source.span
    var output = output.mutableSpan
    for index in 0..<output.count { output[index] = source[start + index] }
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
    var sum = zero
    let target = target.span
    let draft = draft.span
    var output = output.mutableSpan
    for index in 0..<target.count {
      let difference = target[index] * targetScale - draft[index] * draftScale
      let positive = difference > zero && index != rejected ? difference : zero
      output[index] = positive
      sum += positive
    }
    return sum
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
