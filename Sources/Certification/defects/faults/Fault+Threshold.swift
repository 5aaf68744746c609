import Probability
import RealModule
import SpeculativeDecoding

extension Fault {
  /// The target probability, in thousandths, from which on a drafted token is accepted without a test.
  var acceptedFrom: Int? {
    switch self {
    case .sureAccepted800: 800
    case .sureAccepted900: 900
    case .sureAccepted970: 970
    case .sureAccepted995: 995
    default: nil
    }
  }

  /// The target probability, in thousandths, up to which a drafted token is rejected without a test.
  var rejectedUpTo: Int? {
    switch self {
    case .unlikelyRejected100: 100
    case .unlikelyRejected030: 30
    case .unlikelyRejected005: 5
    default: nil
    }
  }

  /// How sure the target of this fault's witness is of its next token, in thousandths; `nil` for any other fault.
  package var peak: Int? { acceptedFrom ?? rejectedUpTo.map { 1000 - $0 } }

  /// The rules of the protocol in which the fault's own witness is run, whatever else would show the fault.
  ///
  /// Where a profile's order is wrong in one rule only, or a threshold is one rule's, no witness of another rule shows it.
  package var rulesOfWitness: [Rule] {
    if exchangedSteps != nil { return Rule.all }
    return acceptedFrom == nil ? [] : Rule.allThatDraft
  }
}

extension FaultySteps {
  /// Whether a threshold of the target's probability decides about a child; `nil` where the fault leaves it to the test.
  func decidedByThreshold(_ child: Int, in workspace: borrowing Workspace<Scalar>) -> Bool? {
    let probability = targetProbability(of: child, in: workspace) * Scalar(1000)
    if let least = fault.acceptedFrom, probability >= Scalar(least) { return true }
    if let most = fault.rejectedUpTo, probability <= Scalar(most) { return false }
    return nil
  }

  /// Whether q exceeds min(ε, δ·e^−H), ε = 0.09 and δ = 0.3.
  ///
  /// - Source: "Medusa", arXiv 2401.10774, section 2.3.1.
  func isTypical(_ child: Int, in workspace: borrowing Workspace<Scalar>) -> Bool {
    let law = workspace.targetLaws.law(ofRow: Int(workspace.tree[child].parent)).map(\.approximation)
    let entropy = law.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
    return targetProbability(of: child, in: workspace).approximation > min(0.09, 0.3 * Double.exp(-entropy))
  }
}
