import Probability
import SpeculativeDecoding

/// The steps of production with one fault in them.
///
/// With a fault of the choices, of a model or of the set-up the steps are those of production.
package struct FaultySteps<Scalar: ProbabilityScalar>: RoundSteps {
  /// The fault.
  package let fault: Fault
  /// Rows of draft laws to be reported, where others were sampled: the first value's place, and the row.
  var reported: [(start: Int, row: [Scalar])] = []
  /// The token that the target drew at a node, for rules that compare with it.
  var ownDraw: (node: Int, token: Token)?
  /// How many tokens of the chain a block rule accepted.
  var acceptedBlock: Int?

  /// Steps with a fault.
  package init(_ fault: Fault) { self.fault = fault }

  /// The draft's laws of a level, altered where the draft samples another law than it reports.
  package mutating func willDraft(_ nodes: Range<Int>, in workspace: inout Workspace<Scalar>) {
    switch fault {
    case .draftTemperature, .draftTopK, .draftLowPrecision, .uniformDraft: alterDraft(nodes, in: &workspace)
    default: break
    }
  }

  /// One level of the beam, or what a fault keeps of it.
  package mutating func extendBeam<Source: Choices>(
    width: Int, outside: Scalar, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Scalar where Source.Scalar == Scalar {
    switch fault {
    case .beamByProbability: return extendByProbability(width: width, outside: outside, in: &workspace)
    case .freshNoise: return extendAfresh(width: width, outside: outside, in: &workspace, using: &choices)
    case .childrenPrunedByProbability:
      let left = StochasticBeam.race(width: width, outside: outside, in: &workspace, using: &choices)
      pruneBeam(in: &workspace)
      return left
    default: return StochasticBeam.race(width: width, outside: outside, in: &workspace, using: &choices)
    }
  }

  /// The complete tree: laws as they are reported, siblings in the order of a fault.
  package mutating func willVerify(_ workspace: inout Workspace<Scalar>) {
    ownDraw = nil
    acceptedBlock = nil
    for (start, row) in reported {
      for (offset, value) in row.enumerated() { workspace.draftLaws.values[start + offset] = value }
    }
    reported.removeAll(keepingCapacity: true)
    switch fault {
    case .siblingsInTokenOrder, .siblingsInProbabilityOrder, .siblingsInTargetOrder: reorder(&workspace)
    case .childrenPrunedByTarget: pruneByTarget(&workspace)
    default: break
    }
  }

  /// The acceptance test, or what a fault makes of it.
  package mutating func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Bool where Source.Scalar == Scalar {
    faultyAcceptance(of: child, in: &workspace, using: &choices)
      ?? RecursiveRejection.accepts(child, in: &workspace, using: &choices)
  }

  /// The update of the residual, or what a fault makes of it.
  package mutating func reject(_ child: Int, in workspace: inout Workspace<Scalar>) {
    if !rejectFaultily(child, in: &workspace) { RecursiveRejection.reject(child, in: &workspace) }
  }

  /// The last token of the round, or what a fault makes of it.
  package mutating func finalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Token where Source.Scalar == Scalar {
    if let token = faultyFinalToken(after: node, purpose: purpose, in: &workspace, using: &choices) { return token }
    return choices.index(for: purpose, in: workspace.residual.span, total: workspace.residualMass)
  }
}

extension FaultySteps {
  /// The probability that the draft reports for a child, the earlier siblings still in its law.
  func draftProbability(of child: Int, in workspace: borrowing Workspace<Scalar>) -> Scalar {
    let node = workspace.tree[child]
    return workspace.draftLaws.values[workspace.draftLaws.row(Int(node.parent)).lowerBound + Int(node.token)]
  }

  /// The target's probability of a child after its parent.
  func targetProbability(of child: Int, in workspace: borrowing Workspace<Scalar>) -> Scalar {
    let node = workspace.tree[child]
    return workspace.targetLaws.values[workspace.targetLaws.row(Int(node.parent)).lowerBound + Int(node.token)]
  }

  /// Makes a law the one that is still to be met.
  func load(_ law: [Scalar], into workspace: inout Workspace<Scalar>) {
    for token in law.indices { workspace.residual[token] = law[token] }
    workspace.residualMass = Laws.mass(of: workspace.residual.span)
  }

  /// The most probable token, the lowest on a tie.
  static func mostProbable(_ law: [Scalar]) -> Token {
    law.indices.reduce(0) { law[$1] > law[$0] ? $1 : $0 }
  }
}
