import Probability

/// Ordered sampling without replacement by perturbed weights: the k largest of log p + Gumbel, descending.
///
/// Run as the equivalent exponential race, the k smallest of E / p ascending: −log E is Gumbel, and E keeps its
/// resolution near 0 where the winners are. Weights of 0 never race.
/// - Source: Kool et al. 2019, "Stochastic Beams and Where to Find Them", section 2.
package enum GumbelTopK {
  /// At most `count` distinct indices, in draw order; fewer where the support is smaller.
  ///
  /// - Complexity: O(n log n) for n weights, with one exponential for each positive weight.
  package static func sample<Scalar: ProbabilityScalar>(
    _ count: Int, from weights: [Scalar], using generator: inout some RandomNumberGenerator
  ) -> [Int] {
    var arrivals: [(time: Double, index: Int)] = []
    for (index, weight) in weights.enumerated() where weight > .zero {
      let time = UniformBits.exponential(using: &generator) / weight.approximation
      arrivals.append((time, index))
    }
    arrivals.sort { ($0.time, $0.index) < ($1.time, $1.index) }
    return arrivals.prefix(count).map(\.index)
  }
}
