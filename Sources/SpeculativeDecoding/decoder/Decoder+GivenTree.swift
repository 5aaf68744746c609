import Probability

extension Decoder {
  /// Runs one round over a tree that is given, not drafted: all of a round but its first step.
  ///
  /// The draft is not asked for a law. What was accepted and emitted stands in the session's workspace, as after
  /// ``round(_:steps:using:)``. ``VerificationRequest`` is the checked way to call this.
  ///
  /// - Parameters:
  ///   - tree: its siblings in draw order; with replacement, repeats are marked.
  ///   - draftLaws: the law that the children of each node were drawn from, of shape [node][vocabulary]; rows of
  ///     leaves are not read.
  /// - Throws: what the target says of its evaluation.
  /// - Precondition: tokens are below the vocabulary, and each drafted token has a positive probability.
  public func round<Source: Choices, Steps: RoundSteps>(
    over tree: TokenTree, draftLaws: LawTable<Target.Scalar>, in session: inout Session, steps: inout Steps,
    using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Target.Scalar, Steps.Scalar == Target.Scalar {
    session.workspace.tree = tree
    session.workspace.draftLaws = draftLaws
    session.workspace.accepted.empty()
    try verifyTree(in: &session, steps: &steps, using: &choices)
  }
}
