import Probability
import SpeculativeDecoding

extension Rule {
  /// A tree of the draft's most probable tokens, of which the target's own draws are followed.
  public static let topKMatch = Rule(name: "top-k-match", title: "Top-k match", shapes: .branching)
}

/// The steps of ``Rule/topKMatch``: nothing in the tree is random, so that nothing of it needs a test.
///
/// A token is drawn from the target after each node that is come to. Where the tree has it among the node's children it
/// is accepted, and else it ends the round. The tokens are the target's own draws: the rule is lossless whatever is drafted.
public struct TopKMatch<Scalar: ProbabilityScalar>: RoundSteps {
  /// The laws after the nodes that are come to are all that is read.
  public static var readsAllTargetLaws: Bool { false }

  /// The steps.
  public init() {}

  /// Appends the most probable tokens after each node, a level at a time.
  public mutating func draftTree<Model: LanguageModel, Source: Choices>(
    of method: DecodingMethod, by model: Model, context: inout Model.Context, in workspace: inout Workspace<Scalar>,
    using choices: inout Source
  ) throws(SpeculativeDecodingError) where Model.Scalar == Scalar, Source.Scalar == Scalar {
    var level = 0..<1
    for count in method.shape.childrenPerLevel {
      workspace.draftLaws.reserve(rows: level.upperBound)
      try model.evaluate(level, of: workspace.tree, in: &context, into: &workspace.draftLaws)
      for node in level {
        let law = workspace.draftLaws.law(ofRow: node)
        // Of equal ones the lowest first, as engines do.
        let tokens = law.indices.sorted { (law[$1], $0) < (law[$0], $1) }.prefix(count)
        for token in tokens where law[token] > .zero { workspace.tree.append(token, to: node) }
      }
      level = level.upperBound..<workspace.tree.count
    }
  }

  /// Follows the target's draws through the tree.
  public mutating func verifyTree<Source: Choices>(
    by method: DecodingMethod, endTokens: Set<Token>, in workspace: inout Workspace<Scalar>,
    using choices: inout Source,
    completing complete: (Int, inout LawTable<Scalar>) throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> Token? where Source.Scalar == Scalar {
    var node = 0
    while true {
      try workspace.loadResidual(after: node, completing: complete)
      let token = choices.index(
        for: .acceptance, in: workspace.residual.span, total: workspace.residualMass)
      let child = workspace.tree.child(of: node, token: token)
      if child < 0 { return token }
      workspace.accepted.append(child)
      if endTokens.contains(token) { return nil }
      node = child
    }
  }
}
