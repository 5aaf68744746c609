import Probability
import SpeculativeDecoding

extension FaultySteps {
  /// The acceptance test under a fault; `nil` where the fault leaves it alone.
  mutating func faultyAcceptance<Source: Choices>(
    of child: Int, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Bool? where Source.Scalar == Scalar {
    let token = Int(workspace.tree[child].token)
    let parent = Int(workspace.tree[child].parent)
    switch fault {
    case .alwaysAccepts: return true
    case .zeroUniform: return workspace.residual[token] > .zero
    case .firstTokenUnverified: return parent == 0 ? true : nil
    case .secondChance:
      let own = choices.index(for: .acceptance, in: workspace.residual.span, total: workspace.residualMass)
      return own == token ? true : nil
    case .ratioAgainstLargest:
      return isBelow(workspace.residual[token], over: workspace.residual.max() ?? .one, using: &choices)
    case .thresholdAcceptance:
      return workspace.residual[token] * workspace.proposalMass >= workspace.proposal[token] * workspace.residualMass
    case .typicalAcceptance: return isTypical(child, in: workspace)
    case .lenientTenth: return lenient(11, 10, token, in: workspace, using: &choices)
    case .lenientHundredth: return lenient(101, 100, token, in: workspace, using: &choices)
    case .lenientThousandth: return lenient(1001, 1000, token, in: workspace, using: &choices)
    case .ownDrawEach:
      let law = workspace.targetLaws.law(ofRow: parent)
      return choices.index(for: .acceptance, in: law.span, total: Laws.mass(of: law.span)) == token
    case .ratioFromNextRow:
      guard !workspace.tree[child].isRepeat else { return nil }
      let numerator = workspace.targetLaws.values[workspace.targetLaws.row(child).lowerBound + token]
      return isBelow(
        numerator * workspace.proposalMass, over: workspace.proposal[token] * workspace.residualMass, using: &choices)
    case .ratioAgainstUnconditional, .draftNotRenormalised:
      let denominator = draftProbability(of: child, in: workspace) * workspace.residualMass
      return isBelow(workspace.residual[token], over: denominator, using: &choices)
    case .repeatsSkipped, .repeatsMerged: return workspace.tree[child].isRepeat ? false : nil
    case .oneHotRule: return isBelow(workspace.residual[token], over: workspace.residualMass, using: &choices)
    case .samplerMatch:
      if ownDraw?.node != parent {
        let drawn = choices.index(for: .acceptance, in: workspace.residual.span, total: workspace.residualMass)
        ownDraw = (parent, drawn)
      }
      return ownDraw?.token == token
    case .blockVerification where isChain(workspace.tree):
      if acceptedBlock == nil { acceptedBlock = verifyBlock(in: workspace, using: &choices) }
      return Int(workspace.tree[child].depth) <= acceptedBlock ?? 0
    default: return decidedByThreshold(child, in: workspace)
    }
  }

  private func isBelow<Source: Choices>(
    _ numerator: Scalar, over denominator: Scalar, using choices: inout Source
  ) -> Bool where Source.Scalar == Scalar {
    var uniform = choices.uniform(for: .acceptance)
    return choices.isBelow(&uniform, numerator, over: denominator)
  }

  private func lenient<Source: Choices>(
    _ numerator: Int, _ denominator: Int, _ token: Token, in workspace: borrowing Workspace<Scalar>,
    using choices: inout Source
  ) -> Bool where Source.Scalar == Scalar {
    isBelow(
      workspace.residual[token] * workspace.proposalMass * Scalar(numerator),
      over: workspace.proposal[token] * workspace.residualMass * Scalar(denominator), using: &choices)
  }

  /// Whether the tree is one sequence: the block rule knows no other.
  func isChain(_ tree: borrowing TokenTree) -> Bool {
    (1..<tree.count).allSatisfy { Int(tree[$0].parent) == $0 - 1 }
  }

  /// Block verification of a chain: how many of its tokens are kept.
  ///
  /// - Source: "Block Verification Accelerates Speculative Decoding", arXiv 2403.10444, algorithm 2.
  private func verifyBlock<Source: Choices>(
    in workspace: borrowing Workspace<Scalar>, using choices: inout Source
  ) -> Int where Source.Scalar == Scalar {
    let length = workspace.tree.count - 1
    var accepted = 0
    var weight = Scalar.one
    for depth in 1...max(length, 1) where depth <= length {
      weight = blockWeight(weight, through: depth, in: workspace)
      var numerator = weight
      var denominator = Scalar.one
      if depth < length {
        numerator = Laws.mass(of: blockResidual(after: depth, weight: weight, in: workspace).span)
        denominator = numerator + (.one - weight)
      }
      // Both 0: the weight is 1 and the laws agree; the block may go on.
      if denominator > .zero ? isBelow(numerator, over: denominator, using: &choices) : true { accepted = depth }
    }
    return accepted
  }

  /// w·q/p of the chain's token at a depth, at most 1.
  func blockWeight(_ weight: Scalar, through depth: Int, in workspace: borrowing Workspace<Scalar>) -> Scalar {
    // Node k of a chain is its k-th token.
    let draft = draftProbability(of: depth, in: workspace)
    let product = weight * targetProbability(of: depth, in: workspace)
    return product < draft ? product / draft : .one
  }

  /// (w·q − p)₊ after the chain's token at a depth.
  func blockResidual(
    after depth: Int, weight: Scalar, in workspace: borrowing Workspace<Scalar>
  ) -> [Scalar] {
    let (target, draft) = (workspace.targetLaws.law(ofRow: depth), workspace.draftLaws.law(ofRow: depth))
    return zip(target, draft).map { max(weight * $0 - $1, .zero) }
  }
}
