import Probability

/// K-SEQ, the selection rule of SpecTr: one of K independent draws from the draft, or a token of the residual.
///
/// With a scale s = 1/ρ in [1/K, 1], a draw x is accepted with probability min(1, s·q(x) / p(x)), so that each is
/// accepted with probability β = Σ min(p, s·q). All rejected: the residual ∝ q − min(p, s·q)·Σᵢ₍ᵢ<K₎ (1 − β)ⁱ.
/// Any s with s·Σᵢ (1 − β)ⁱ ≤ 1 makes the residual non-negative and the token's law exactly q; the largest
/// accepts most. The bisection keeps the safe side, so that rounding costs acceptance and never exactness.
/// - Source: SpecTr (arXiv 2310.15141), algorithm 3 and theorem 2.
public enum KSequentialSelection {
  /// Walks from the root along accepted children; returns the final token, or `nil` after an end token.
  ///
  /// At each node K counts all sequences that share the prefix: the node's children, repeats included.
  /// - Complexity: O(bisection steps · vocabulary) a node.
  @inlinable
  static func verify<Source: Choices, Steps: RoundSteps, Failure: Error>(
    endTokens: Set<Token>, in workspace: inout Workspace<Source.Scalar>, steps: inout Steps,
    using choices: inout Source, completing complete: (Int, inout LawTable<Source.Scalar>) throws(Failure) -> Void
  ) throws(Failure) -> Token? where Steps.Scalar == Source.Scalar {
    var node = 0
    while true {
      try workspace.loadResidual(after: node, completing: complete)
      let count = workspace.tree.childCount(of: node)
      if count == 0 {
        return steps.finalToken(after: node, purpose: .bonus, in: &workspace, using: &choices)
      }
      workspace.loadProposal(after: node)
      let scale = scale(count: count, in: workspace)
      // s·q / p as the ratio of "residual" to "proposal": the acceptance step is the same for all rules.
      workspace.proposalMass = scale
      var child = Int(workspace.tree[node].firstChild)
      while child >= 0, !steps.accepts(child, in: &workspace, using: &choices) {
        child = Int(workspace.tree[child].nextSibling)
      }
      if child < 0 {
        subtractAccepted(count: count, scale: scale, in: &workspace)
        return steps.finalToken(after: node, purpose: .residual, in: &workspace, using: &choices)
      }
      let original = Int(workspace.tree[child].original)
      if original >= 0 { child = original }
      workspace.accepted.append(child)
      if endTokens.contains(Int(workspace.tree[child].token)) { return nil }
      node = child
    }
  }

  /// The largest safe scale that the scalar's bisection finds, between 1/K and 1.
  ///
  /// Over a large vocabulary the threshold is first bracketed by interpolation: most halvings are then answered by the
  /// bracket, since what is below a safe scale is safe, and the bisection ends where it would without.
  @inlinable
  static func scale<Scalar: ProbabilityScalar>(
    count: Int, in workspace: borrowing Workspace<Scalar>
  ) -> Scalar {
    let target = workspace.residual.span
    let draft = workspace.proposal.span
    let excess = excess(of: .one, count: count, target: target, draft: draft)
    if excess <= .zero { return .one }
    var safe = Scalar.one / Scalar(count)
    var unsafe = Scalar.one
    var bracket = (safe: safe, unsafe: unsafe)
    if target.count > Laws.blockSize {
      bracket = Self.bracket(excess, count: count, target: target, draft: draft)
    }
    for _ in 0..<Scalar.bisectionSteps {
      let middle = (safe + unsafe) / Scalar(2)
      let isSafe =
        middle <= bracket.safe
        || (middle < bracket.unsafe
          && Self.excess(of: middle, count: count, target: target, draft: draft) <= .zero)
      if isSafe { safe = middle } else { unsafe = middle }
    }
    return safe
  }

  /// A scale that is safe and one that is not, close to each other: regula falsi, Illinois' form.
  @inlinable
  static func bracket<Scalar: ProbabilityScalar>(
    _ excess: Scalar, count: Int, target: Span<Scalar>, draft: Span<Scalar>
  ) -> (safe: Scalar, unsafe: Scalar) {
    var (low, high) = (Scalar.one / Scalar(count), Scalar.one)
    // Only ever used to choose where to look next; halved where one side stays.
    var (below, above) = (
      Scalar.zero - Self.excess(of: low, count: count, target: target, draft: draft), excess
    )
    let near = Scalar.one / Scalar(1 << 18)
    for _ in 0..<8 where high - low > near && below > .zero {
      // A little off the estimate, to the side that is farther away: then that side moves, too.
      let estimate = low + (high - low) * (below / (below + above))
      let middle = estimate - low < high - estimate ? estimate + near / Scalar(2) : estimate - near / Scalar(2)
      guard middle > low, middle < high else { break }
      let excess = Self.excess(of: middle, count: count, target: target, draft: draft)
      if excess <= .zero {
        (low, below) = (middle, .zero - excess)
        above = above / Scalar(2)
      } else {
        (high, above) = (middle, excess)
        below = below / Scalar(2)
      }
    }
    return (low, high)
  }

  /// s·Σᵢ₍ᵢ<K₎ (1 − β)ⁱ − 1: at most 0 where the scale is safe.
  @inlinable
  static func excess<Scalar: ProbabilityScalar>(
    of scale: Scalar, count: Int, target: Span<Scalar>, draft: Span<Scalar>
  ) -> Scalar {
    scale * expectedTests(count: count, scale: scale, target: target, draft: draft) - .one
  }

  /// Σᵢ₍ᵢ<K₎ (1 − β)ⁱ: how many draws are tested on average.
  @inlinable
  static func expectedTests<Scalar: ProbabilityScalar>(
    count: Int, scale: Scalar, target: Span<Scalar>, draft: Span<Scalar>
  ) -> Scalar {
    let accepted = Laws.overlap(of: draft, and: target, times: scale)
    let rejected = accepted < .one ? Scalar.one - accepted : .zero
    var power = Scalar.one
    var sum = Scalar.one
    for _ in 1..<max(count, 1) {
      power = power * rejected
      sum += power
    }
    return sum
  }

  /// Replaces the residual by q − min(p, s·q)·Σᵢ (1 − β)ⁱ up to its mass.
  @inlinable
  static func subtractAccepted<Scalar: ProbabilityScalar>(
    count: Int, scale: Scalar, in workspace: inout Workspace<Scalar>
  ) {
    let tests = expectedTests(
      count: count, scale: scale, target: workspace.residual.span, draft: workspace.proposal.span)
    let mass = Laws.residual(
      of: workspace.residual, minus: workspace.proposal, or: scale, times: tests, into: &workspace.scratch)
    // Mass 0: the draws cover the target, and all of them rejected has probability 0.
    guard mass > .zero else { return }
    swap(&workspace.residual, &workspace.scratch)
    workspace.residualMass = mass
  }
}
