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
  static func verify<Source: Choices, Steps: RoundSteps>(
    endToken: Token?, in workspace: inout Workspace<Source.Scalar>, steps: inout Steps,
    using choices: inout Source
  ) -> Token? where Steps.Scalar == Source.Scalar {
    var node = 0
    while true {
      workspace.loadResidual(after: node)
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
      if let endToken, Int(workspace.tree[child].token) == endToken { return nil }
      node = child
    }
  }

  /// The largest safe scale that the scalar's bisection finds, between 1/K and 1.
  @inlinable
  static func scale<Scalar: ProbabilityScalar>(
    count: Int, in workspace: borrowing Workspace<Scalar>
  ) -> Scalar {
    let target = workspace.residual.span
    let draft = workspace.proposal.span
    if isSafe(.one, count: count, target: target, draft: draft) { return .one }
    var safe = Scalar.one / Scalar(count)
    var unsafe = Scalar.one
    for _ in 0..<Scalar.bisectionSteps {
      let middle = (safe + unsafe) / Scalar(2)
      if isSafe(middle, count: count, target: target, draft: draft) { safe = middle } else { unsafe = middle }
    }
    return safe
  }

  @inlinable
  static func isSafe<Scalar: ProbabilityScalar>(
    _ scale: Scalar, count: Int, target: Span<Scalar>, draft: Span<Scalar>
  ) -> Bool {
    scale * expectedTests(count: count, scale: scale, target: target, draft: draft) <= .one
  }

  /// Σᵢ₍ᵢ<K₎ (1 − β)ⁱ: how many draws are tested on average.
  @inlinable
  static func expectedTests<Scalar: ProbabilityScalar>(
    count: Int, scale: Scalar, target: Span<Scalar>, draft: Span<Scalar>
  ) -> Scalar {
    var accepted = Scalar.zero
    for token in 0..<target.count { accepted += min(draft[token], scale * target[token]) }
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
    var mass = Scalar.zero
    for token in 0..<workspace.residual.count {
      let accepted = min(workspace.proposal[token], scale * workspace.residual[token]) * tests
      let left = workspace.residual[token] - accepted
      workspace.scratch[token] = left > .zero ? left : .zero
      mass += workspace.scratch[token]
    }
    // Mass 0: the draws cover the target, and all of them rejected has probability 0.
    guard mass > .zero else { return }
    swap(&workspace.residual, &workspace.scratch)
    workspace.residualMass = mass
  }
}
