import Probability

/// Drafts K independent sequences of L tokens, merged into a tree by their common prefixes.
///
/// Every draw is a node: one that repeats a sibling is marked, and the sequence goes on below the first node
/// with that token. The children of a node are then the draws of all sequences that share its prefix, in the
/// order of the sequences.
/// - Source: SpecTr (arXiv 2310.15141), section 5.
public enum IndependentSequences {
  /// Drafts the tree into the workspace, one draft evaluation a level.
  ///
  /// - Complexity: O(width · depth · vocabulary).
  @inlinable
  static func draft<Model: LanguageModel, Source: Choices, Steps: RoundSteps>(
    width: Int, depth: Int, model: Model, context: inout Model.Context,
    in workspace: inout Workspace<Model.Scalar>, steps: inout Steps, using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Model.Scalar, Steps.Scalar == Model.Scalar {
    workspace.beam.empty()
    for _ in 0..<width { workspace.beam.append(0) }
    var level = 0..<1
    for _ in 0..<depth {
      workspace.draftLaws.reserve(rows: level.upperBound)
      try model.evaluate(level, of: workspace.tree, in: &context, into: &workspace.draftLaws)
      steps.willDraft(level, in: &workspace)
      for sequence in 0..<width {
        let node = workspace.beam[sequence]
        let row = workspace.draftLaws.row(node)
        let token = choices.index(
          for: .draft, in: workspace.draftLaws.values.span.extracting(row), total: .one)
        workspace.beam[sequence] = workspace.tree.appendRepeatable(token, to: node)
      }
      level = level.upperBound..<workspace.tree.count
    }
  }
}
