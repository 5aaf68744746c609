import Probability
import SpeculativeDecoding

/// The steps of production with a fault in one of them, over given trees.
package struct BoundarySteps: RoundSteps {
  /// The numbers of the laws.
  package typealias Scalar = Double
  let fault: BoundaryFault

  /// Steps with a fault.
  package init(_ fault: BoundaryFault) { self.fault = fault }

  /// Siblings in the order of a fault.
  package func willVerify(_ workspace: inout Workspace<Double>) {
    let laws: LawTable<Double>
    switch fault {
    case .siblingsByToken, .siblingsByDraftProbability: laws = workspace.draftLaws
    case .siblingsByTargetProbability: laws = workspace.targetLaws
    default: return
    }
    for node in 0..<workspace.tree.count {
      let order = workspace.tree.children(of: node).map { child in
        let token = Int(workspace.tree[child].token)
        let key = fault == .siblingsByToken ? Double(token) : -laws.values[laws.row(node).lowerBound + token]
        return (key: key, child: child)
      }
      workspace.tree.reorderChildren(of: node, to: order.sorted { $0 < $1 }.map(\.child))
    }
  }

  /// The acceptance test, which a fault skips where its outcome is certain.
  package func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Double>, using choices: inout Source
  ) -> Bool where Source.Scalar == Double {
    if fault == .certainOutcomesUseNoUniform {
      let token = Int(workspace.tree[child].token)
      let target = workspace.residual[token] / workspace.residualMass
      if target >= workspace.proposal[token] / workspace.proposalMass { return true }
      if target == 0 { return false }
    }
    return RecursiveRejection.accepts(child, in: &workspace, using: &choices)
  }

  /// The update of the residual, or what a fault makes of it.
  package func reject(_ child: Int, in workspace: inout Workspace<Double>) {
    let token = Int(workspace.tree[child].token)
    switch fault {
    case .residualNotUpdated: return
    case .repeatsUpdateNothing where workspace.tree[child].isRepeat: return
    case .onlyTheRejectedTokenRemoved: workspace.residual[token] = 0
    case .absoluteResidual: update(&workspace) { target, draft in abs(target - draft) }
    case .residualIsTheDraft: workspace.residual = workspace.proposal
    default:
      RecursiveRejection.reject(child, in: &workspace)
      return
    }
    workspace.residualMass = workspace.residual.reduce(0, +)
  }

  /// The update of the draft's law between siblings.
  package func exclude(_ token: Token, in workspace: inout Workspace<Double>) {
    if fault != .proposalNotUpdated { workspace.exclude(token) }
  }

  /// The last token, from the law that a fault reads.
  package func finalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Double>, using choices: inout Source
  ) -> Token where Source.Scalar == Double {
    if purpose == .bonus, node > 0 {
      if fault == .bonusFromTheRoot { workspace.residual = workspace.targetLaws.law(ofRow: 0) }
      if fault == .bonusFromTheDraft {
        workspace.residual = workspace.draftLaws.law(ofRow: Int(workspace.tree[node].parent))
      }
    }
    return choices.index(for: purpose, in: workspace.residual.span, total: workspace.residualMass)
  }

  /// Each token's residual from its normalised target and draft probabilities.
  private func update(_ workspace: inout Workspace<Double>, _ residual: (Double, Double) -> Double) {
    for token in workspace.residual.indices {
      workspace.residual[token] = residual(
        workspace.residual[token] / workspace.residualMass, workspace.proposal[token] / workspace.proposalMass)
    }
  }
}
