import Probability

extension DecodingMethod {
  /// Drafts the tree of this method into the workspace.
  ///
  /// - Throws: what the model says, or ``SpeculativeDecodingError/invalidShape(_:)`` where the rule's steps are needed and
  ///   others are given.
  @inlinable @inline(always)
  func draftTree<Model: LanguageModel, Source: Choices, Steps: RoundSteps>(
    by model: Model, context: inout Model.Context, in workspace: inout Workspace<Model.Scalar>, steps: inout Steps,
    using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Model.Scalar, Steps.Scalar == Model.Scalar {
    switch (rule.drafting, shape) {
    case (.none, _):
      break
    // A chain is the tree of factors 1: the factor is then a constant of the compiler's.
    case (.distinctChildren, .chain(let depth)):
      try ConstantBranching.draft(
        depth: depth, factor: { _ in 1 }, withReplacement: false, model: model, context: &context, in: &workspace,
        steps: &steps, using: &choices)
    case (.distinctChildren, .branching(let factors)):
      try ConstantBranching.draft(
        depth: factors.count, factor: { factors[$0] }, withReplacement: false, model: model, context: &context,
        in: &workspace, steps: &steps, using: &choices)
    case (.independentChildren, .branching(let factors)):
      try ConstantBranching.draft(
        depth: factors.count, factor: { factors[$0] }, withReplacement: true, model: model, context: &context,
        in: &workspace, steps: &steps, using: &choices)
    case (.independentSequences, .rectangle(let width, let depth)):
      try IndependentSequences.draft(
        width: width, depth: depth, model: model, context: &context, in: &workspace, steps: &steps, using: &choices)
    case (.stochasticBeam, .rectangle(let width, let depth)):
      try StochasticBeam.draft(
        width: width, depth: depth, model: model, context: &context, in: &workspace, steps: &steps, using: &choices)
    default:
      throw needsSteps()
    }
  }

  /// Verifies the workspace's tree by this method's rule; returns the final token, or `nil` after an end token.
  ///
  /// Leaves the accepted nodes in the workspace.
  /// - Parameter complete: called once for each node that is come to, before the target's law after it is read.
  @inlinable @inline(always)
  func verifyTree<Source: Choices, Steps: RoundSteps>(
    endTokens: Set<Token>, in workspace: inout Workspace<Source.Scalar>, steps: inout Steps,
    using choices: inout Source,
    completing complete: (Int, inout LawTable<Source.Scalar>) throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> Token? where Steps.Scalar == Source.Scalar {
    switch rule.verification {
    case .recursiveRejection:
      try RecursiveRejection.verify(
        withReplacement: rule.drafting.isWithReplacement, endTokens: endTokens, in: &workspace, steps: &steps,
        using: &choices, completing: complete)
    case .sequentialSelection:
      try KSequentialSelection.verify(
        endTokens: endTokens, in: &workspace, steps: &steps, using: &choices, completing: complete)
    case .ownSteps:
      throw needsSteps()
    }
  }

  @usableFromInline
  func needsSteps() -> SpeculativeDecodingError {
    .invalidShape("the rule \(rule) drafts and verifies by steps of its own; give them to the decoder")
  }
}
