import Probability

/// Ordered sampling without replacement by successive draws: draw, set to zero, renormalise, repeat.
///
/// This is the definition; ``GumbelTopK`` has the same law and draws its noise in bulk.
package enum SuccessiveDraws {
  /// At most `count` distinct indices, in draw order; fewer where the support is spent.
  ///
  /// - Complexity: O(count · weights.count).
  package static func sample<Scalar: ProbabilityScalar>(
    _ count: Int, from weights: [Scalar], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    var remaining = weights
    var drawn: [Int] = []
    while drawn.count < count {
      let mass = Laws.mass(of: remaining.span)
      guard mass > .zero else { break }
      let uniform = UniformBits.unit53(generator.next())
      let index = Scalar.index(of: uniform, in: remaining.span, total: mass)
      drawn.append(index)
      remaining[index] = .zero
    }
    return drawn
  }
}
