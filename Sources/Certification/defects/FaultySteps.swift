import Probability
import SpeculativeDecoding

/// The steps of production with one fault in them.
public struct FaultySteps<Scalar: ProbabilityScalar>: RoundSteps {
  /// What is wrong.
  public let fault: Fault

  /// Steps with a fault; with ``Fault/none``, or one of the choices, they are those of production.
  public init(_ fault: Fault) { self.fault = fault }

  /// The complete tree, its siblings reordered where that is the fault.
  public mutating func willVerify(_ workspace: inout Workspace<Scalar>) {
    guard fault == .siblingsInProbabilityOrder else { return }
    for node in 0..<workspace.tree.count {
      let children = workspace.tree.children(of: node)
      guard children.count > 1 else { continue }
      let row = workspace.draftLaws.row(node).lowerBound
      let probabilities = children.map { workspace.draftLaws.values[row + Int(workspace.tree[$0].token)] }
      let order = children.indices.sorted {
        (probabilities[$1], children[$0]) < (probabilities[$0], children[$1])
      }
      workspace.tree.reorderChildren(of: node, to: order.map { children[$0] })
    }
  }

  /// The acceptance test, or what a fault makes of it.
  public mutating func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Bool where Source.Scalar == Scalar {
    if fault == .alwaysAccepts { return true }
    return RecursiveRejection.accepts(child, in: &workspace, using: &choices)
  }

  /// The update of the residual, or what a fault makes of it.
  public mutating func reject(_ child: Int, in workspace: inout Workspace<Scalar>) {
    if fault == .residualNotUpdated, workspace.tree[child].nextSibling >= 0 { return }
    RecursiveRejection.reject(child, in: &workspace)
  }
}
