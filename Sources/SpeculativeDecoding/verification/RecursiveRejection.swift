import Probability

/// Recursive rejection sampling: accepts one of a node's siblings, or draws from what remains of the target.
///
/// With the target's law q₁ = q at the node, for each sibling Xₖ in draw order, drawn from pₖ: accept with
/// probability min(1, qₖ(Xₖ) / pₖ(Xₖ)), else qₖ₊₁ = Norm[(qₖ − pₖ)₊]. If all are rejected, draw from the last q.
/// Without replacement pₖ is the draft's law with the earlier siblings taken out. The emitted token then has
/// the law q exactly, whatever the draft.
/// - Source: RSD (arXiv 2402.14160), algorithms 1 and 2, theorem 3.1.
public enum RecursiveRejection {
  /// Walks from the root along accepted children; returns the final token, or `nil` after an end token.
  ///
  /// Leaves the accepted nodes in the workspace.
  /// - Complexity: O(siblings tested · vocabulary).
  @inlinable
  static func verify<Source: Choices, Steps: RoundSteps, Failure: Error>(
    withReplacement: Bool, endTokens: Set<Token>, in workspace: inout Workspace<Source.Scalar>,
    steps: inout Steps, using choices: inout Source,
    completing complete: (Int, inout LawTable<Source.Scalar>) throws(Failure) -> Void
  ) throws(Failure) -> Token? where Steps.Scalar == Source.Scalar {
    var node = 0
    while true {
      try workspace.loadResidual(after: node, completing: complete)
      var child = Int(workspace.tree[node].firstChild)
      if child < 0 {
        return steps.finalToken(after: node, purpose: .bonus, in: &workspace, using: &choices)
      }
      workspace.loadProposal(after: node)
      while child >= 0 {
        if steps.accepts(child, in: &workspace, using: &choices) { break }
        steps.reject(child, in: &workspace)
        let rejected = Int(workspace.tree[child].token)
        child = Int(workspace.tree[child].nextSibling)
        if child >= 0, !withReplacement { steps.exclude(rejected, in: &workspace) }
      }
      if child < 0 {
        return steps.finalToken(after: node, purpose: .residual, in: &workspace, using: &choices)
      }
      // A repeat's token was rejected before, and its residual is 0: only replaced steps accept one (a wrong decoder under
      // test). The path then goes on at the first node with that token, which has the children.
      if withReplacement, workspace.tree[child].isRepeat { child = Int(workspace.tree[child].original) }
      workspace.accepted.append(child)
      if endTokens.contains(Int(workspace.tree[child].token)) { return nil }
      node = child
    }
  }

  /// The acceptance test u · pₖ(x) < qₖ(x), multiplied out by both masses.
  @inlinable @inline(always)
  public static func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Source.Scalar>, using choices: inout Source
  ) -> Bool {
    let token = Int(workspace.tree[child].token)
    var uniform = choices.uniform(for: .acceptance)
    return choices.isBelow(
      &uniform, workspace.residual[token] * workspace.proposalMass,
      over: workspace.proposal[token] * workspace.residualMass)
  }

  /// Replaces the residual by Norm[(qₖ − pₖ)₊] up to its mass.
  ///
  /// A residual of mass 0 means qₖ = pₖ, where a rejection has probability 0 and can only come from rounding:
  /// the residual then stays qₖ, which is never empty and never holds a token that the target excludes.
  @inlinable @inline(always)
  public static func reject<Scalar: ProbabilityScalar>(
    _ child: Int, in workspace: inout Workspace<Scalar>
  ) {
    let token = Int(workspace.tree[child].token)
    let mass = Laws.residual(
      of: workspace.residual, targetMass: workspace.residualMass,
      minus: workspace.proposal, draftMass: workspace.proposalMass, rejecting: token,
      into: &workspace.scratch)
    if mass > .zero {
      swap(&workspace.residual, &workspace.scratch)
      workspace.residualMass = mass
    }
  }
}
