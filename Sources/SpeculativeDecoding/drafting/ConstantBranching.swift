import Probability

/// Drafts a tree of constant branching factors: each node of level l gets `branching[l]` children.
///
/// Without replacement it is the tree of RSD-C, with replacement SpecInfer's, with factors of 1 the chain of SD.
/// Children without replacement are successive draws, the law of Gumbel-Top-k; a node whose support is spent
/// has fewer.
/// - Source: RSD (arXiv 2402.14160), section 3.2.1; SpecInfer (arXiv 2305.09781).
public enum ConstantBranching {
  /// Drafts the tree into the workspace, one draft evaluation a level.
  ///
  /// - Parameter factor: the branching factor of a level.
  /// - Complexity: O(nodes · vocabulary).
  @inlinable @inline(always)
  static func draft<Model: LanguageModel, Source: Choices, Steps: RoundSteps>(
    depth: Int, factor: (Int) -> Int, withReplacement: Bool, model: Model, context: inout Model.Context,
    in workspace: inout Workspace<Model.Scalar>, steps: inout Steps, using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Model.Scalar, Steps.Scalar == Model.Scalar {
    var level = 0..<1
    for depth in 0..<depth {
      workspace.draftLaws.reserve(rows: level.upperBound)
      try model.evaluate(level, of: workspace.tree, in: &context, into: &workspace.draftLaws)
      steps.willDraft(level, in: &workspace)
      let count = factor(depth)
      for node in level where !workspace.tree[node].isRepeat {
        if count == 1 {
          drawOne(after: node, in: &workspace, using: &choices)
        } else if withReplacement {
          drawIndependently(count, after: node, in: &workspace, using: &choices)
        } else {
          drawDistinct(count, after: node, in: &workspace, using: &choices)
        }
      }
      level = level.upperBound..<workspace.tree.count
    }
  }

  @inlinable @inline(always)
  static func drawOne<Source: Choices>(
    after node: Int, in workspace: inout Workspace<Source.Scalar>, using choices: inout Source
  ) {
    let row = workspace.draftLaws.row(node)
    let token = choices.index(
      for: .draft, in: workspace.draftLaws.values.span.extracting(row), total: .one)
    workspace.tree.append(token, to: node)
  }

  @inlinable
  static func drawIndependently<Source: Choices>(
    _ count: Int, after node: Int, in workspace: inout Workspace<Source.Scalar>, using choices: inout Source
  ) {
    for _ in 0..<count {
      let row = workspace.draftLaws.row(node)
      let token = choices.index(
        for: .draft, in: workspace.draftLaws.values.span.extracting(row), total: .one)
      workspace.tree.appendRepeatable(token, to: node)
    }
  }

  @inlinable
  static func drawDistinct<Source: Choices>(
    _ count: Int, after node: Int, in workspace: inout Workspace<Source.Scalar>, using choices: inout Source
  ) {
    workspace.loadProposal(after: node)
    workspace.sumProposal()
    for drawn in 1...count {
      let token = choices.index(
        for: .draft, in: workspace.proposal.span, sums: workspace.proposalSums, total: workspace.proposalMass)
      workspace.tree.append(token, to: node)
      if drawn == count { break }
      workspace.exclude(token)
      guard workspace.proposalMass > .zero else { break }
    }
  }
}
