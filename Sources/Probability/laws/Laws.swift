/// The kernels on laws that the decoder, ``FiniteLaw`` and the proofs share.
///
/// A law is a span of weights over tokens 0, 1, …; a mass is the sum that turns weights into probabilities.
/// Every kernel is one pass or two over the vocabulary and allocates nothing.
public enum Laws {
  /// Weights that are summed at once; of more, the sums of blocks are added up.
  @inlinable public static var blockSize: Int { 256 }

  /// Weights of which the largest is noted, so that small ones are passed over together.
  @inlinable public static var maximumBlock: Int { 64 }

  /// The sum of the weights.
  ///
  /// Summed afresh from what is left, never by subtracting what was taken: after a draw that takes nearly all
  /// the mass, `1 - p` would keep only the rounding error of `p`. A block is summed in the scalar where it is all there
  /// is; more are summed in ``ProbabilityScalar/Sum``, block by block, which ``BlockSums`` can do a block at a time.
  @inlinable
  public static func mass<Scalar: ProbabilityScalar>(of weights: Span<Scalar>) -> Scalar {
    if weights.count > blockSize {
      var sum = Scalar.Sum.zero
      for start in stride(from: 0, to: weights.count, by: blockSize) {
        sum += blockSum(of: weights, in: start..<min(start + blockSize, weights.count))
      }
      return Scalar(rounding: sum)
    }
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
    subtract(draft, times: Scalar.one / draftMass, from: target, times: Scalar.one / targetMass, into: &output)
    if output.indices.contains(rejected) { output[rejected] = .zero }
    return mass(of: output.span)
  }

  /// Writes (target − min(draft, factor · target) · times)₊; returns its mass.
  ///
  /// - Source: SpecTr (arXiv 2310.15141), algorithm 3.
  @inlinable
  public static func residual<Scalar: ProbabilityScalar>(
    of target: [Scalar], minus draft: [Scalar], or factor: Scalar, times tests: Scalar, into output: inout [Scalar]
  ) -> Scalar {
    subtractOverlap(of: draft, and: factor, times: tests, from: target, into: &output)
    return mass(of: output.span)
  }

  /// Σ min(draft, factor · target).
  ///
  /// Summed in order within a block; the sums of blocks in ``ProbabilityScalar/Sum``.
  @inlinable
  public static func overlap<Scalar: ProbabilityScalar>(
    of draft: Span<Scalar>, and target: Span<Scalar>, times factor: Scalar
  ) -> Scalar {
    if target.count <= blockSize {
      var sum = Scalar.zero
      for token in 0..<target.count { sum += min(draft[token], factor * target[token]) }
      return sum
    }
    var sum = Scalar.Sum.zero
    for start in stride(from: 0, to: target.count, by: blockSize) {
      let block = start..<min(start + blockSize, target.count)
      sum += blockOverlap(of: draft, and: target, times: factor, in: block).summand
    }
    return Scalar(rounding: sum)
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
