import Probability

/// Choices along every outcome of the acceptance tests, each with its probability; other questions do not branch.
///
/// The accepted path does not depend on the token that the round ends with: that one is not drawn.
struct AcceptanceChoices<Scalar: ProbabilityScalar>: Choices {
  /// Nothing is known of a uniform, and each is asked once.
  struct Uniform: Sendable {}

  private var frames: [(isBelow: Bool, weight: Double, hasMore: Bool)] = []
  private var depth = 0

  /// The probability of the path that the current run has taken so far.
  var weight: Double { depth == 0 ? 1 : frames[depth - 1].weight }

  mutating func uniform(for purpose: UniformPurpose) -> Uniform { Uniform() }

  /// Both answers, *below* first, where both are possible.
  mutating func isBelow(_ uniform: inout Uniform, _ numerator: Scalar, over denominator: Scalar) -> Bool {
    if depth == frames.count {
      let below = numerator < denominator ? (numerator / denominator).approximation : numerator > .zero ? 1 : 0
      frames.append((below > 0, weight * (below > 0 ? below : 1), below > 0 && below < 1))
    }
    depth += 1
    return frames[depth - 1].isBelow
  }

  /// Always 0: a survey looks at the accepted path, and not at the token that ends it.
  mutating func index(_ uniform: inout Uniform, in weights: Span<Scalar>, total: Scalar) -> Int { 0 }

  /// Ends the run and moves to the next path; `false` once every path has been run.
  mutating func advance() -> Bool {
    while let last = frames.last, !last.hasMore { frames.removeLast() }
    depth = 0
    guard let last = frames.popLast() else { return false }
    let before = frames.last?.weight ?? 1
    frames.append((false, before - last.weight, false))
    return true
  }
}
