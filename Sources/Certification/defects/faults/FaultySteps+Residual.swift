import Probability
import RealModule
import SpeculativeDecoding

extension FaultySteps {
  /// Updates the residual as a fault would; returns whether it did.
  mutating func rejectFaultily(_ child: Int, in workspace: inout Workspace<Scalar>) -> Bool {
    let node = workspace.tree[child]
    let token = Int(node.token)
    switch fault {
    case .residualNotUpdated:
      return node.nextSibling >= 0
    case .softmaxResidual:
      // The exponential of a double, rounded: a law of the fault that every scalar can hold.
      let positive = difference(in: workspace, rejecting: token).map { max($0, .zero) }
      load(positive.map { Scalar(nearest: Rational(exactly: Double.exp($0.approximation)) ?? .one) }, into: &workspace)
    case .onlyRejectedZeroed, .oneHotRule:
      var law = workspace.residual
      law[token] = .zero
      // A one-hot target rejects nothing but what it excludes.
      if Laws.mass(of: law.span) > .zero { load(law, into: &workspace) }
    case .absoluteResidual:
      let magnitudes = difference(in: workspace, rejecting: token).map { max($0, .zero - $0) }
      if Laws.mass(of: magnitudes.span) > .zero { load(magnitudes, into: &workspace) }
    case .residualMinusUnconditional, .draftNotRenormalised:
      var law = workspace.draftLaws.law(ofRow: Int(node.parent))
      if fault == .draftNotRenormalised {
        for index in law.indices where workspace.proposal[index] == .zero { law[index] = .zero }
      }
      let left = law.indices.map { index in
        index == token ? .zero : max(workspace.residual[index] / workspace.residualMass - law[index], .zero)
      }
      if Laws.mass(of: left.span) > .zero { load(left, into: &workspace) }
    case .repeatsSkipped, .repeatsMerged:
      if node.isRepeat { return true }
      RecursiveRejection.reject(child, in: &workspace)
      if fault == .repeatsMerged { workspace.exclude(token) }
    case .repeatsSubtractedAtOnce:
      if node.isRepeat { return true }
      let repeats = workspace.tree.children(of: Int(node.parent)).filter { Int(workspace.tree[$0].token) == token }
      for _ in repeats { RecursiveRejection.reject(child, in: &workspace) }
    case .residualByRank:
      load(residualByRank(in: workspace), into: &workspace)
    case .residualFromNextRow:
      guard !node.isRepeat else { return false }
      load(workspace.targetLaws.law(ofRow: child), into: &workspace)
      return false
    default: return false
    }
    return true
  }

  /// q/Q − p/P by token, 0 at the rejected one.
  private func difference(in workspace: borrowing Workspace<Scalar>, rejecting token: Token) -> [Scalar] {
    let (target, draft) = (workspace.residual, workspace.proposal)
    let (targetMass, draftMass) = (workspace.residualMass, workspace.proposalMass)
    return target.indices.map { $0 == token ? .zero : target[$0] / targetMass - draft[$0] / draftMass }
  }

  /// The i-th most probable draft probability subtracted from the i-th most probable target probability.
  private func residualByRank(in workspace: borrowing Workspace<Scalar>) -> [Scalar] {
    let (target, targetMass) = (workspace.residual, workspace.residualMass)
    let (draft, draftMass) = (workspace.proposal, workspace.proposalMass)
    let ranked = target.indices.sorted { (target[$1], $0) < (target[$0], $1) }
    let descending = draft.sorted(by: >)
    var left = target.map { _ in Scalar.zero }
    for (rank, token) in ranked.enumerated() {
      left[token] = max(target[token] / targetMass - descending[rank] / draftMass, .zero)
    }
    return Laws.mass(of: left.span) > .zero ? left : target
  }

  /// The token that a fault emits at the end of the round; `nil` where it leaves the law alone.
  mutating func faultyFinalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Token? where Source.Scalar == Scalar {
    switch (fault, purpose) {
    case (.thresholdAcceptance, .residual), (.bonusMostProbable, .bonus): return Self.mostProbable(workspace.residual)
    case (.typicalAcceptance, .residual): return Self.mostProbable(workspace.targetLaws.law(ofRow: node))
    case (.samplerMatch, .residual): return ownDraw?.token
    case (.residualFromTarget, .residual), (.ownDrawEach, .residual):
      load(workspace.targetLaws.law(ofRow: node), into: &workspace)
    case (.recoveryNoiseReused, .residual): loadRacedRecovery(after: node, in: &workspace)
    case (.bonusNoiseReused, .bonus): loadRacedBonus(after: node, in: &workspace)
    case (.residualFromDraft, .residual): load(workspace.draftLaws.law(ofRow: node), into: &workspace)
    case (.blockResidual, .residual), (.blockVerification, .residual):
      guard isChain(workspace.tree) else { return nil }
      loadBlockResidual(after: node, in: &workspace)
    case (.rejectedEmitted, .residual):
      if let last = workspace.tree.children(of: node).last {
        let original = Int(workspace.tree[last].original)
        workspace.accepted.append(original >= 0 ? original : last)
      }
    case (.bonusFromDraft, .bonus), (.bonusFromPreviousRow, .bonus):
      guard node > 0 else { return nil }
      let parent = Int(workspace.tree[node].parent)
      let law =
        fault == .bonusFromDraft ? workspace.draftLaws.law(ofRow: parent) : workspace.targetLaws.law(ofRow: parent)
      load(law, into: &workspace)
    case (.minPOnBonus, .bonus):
      guard node > 0, let largest = workspace.residual.max() else { return nil }
      load(workspace.residual.map { $0 * Scalar(2) < largest ? .zero : $0 }, into: &workspace)
    default: break
    }
    return nil
  }

  /// (w·q − p)₊ after the accepted part of a chain, or q where that has no mass.
  private func loadBlockResidual(after node: Int, in workspace: inout Workspace<Scalar>) {
    var weight = Scalar.one
    for depth in 1...max(node, 1) where depth <= node { weight = blockWeight(weight, through: depth, in: workspace) }
    let left = blockResidual(after: node, weight: weight, in: workspace)
    load(Laws.mass(of: left.span) > .zero ? left : workspace.targetLaws.law(ofRow: node), into: &workspace)
  }
}
