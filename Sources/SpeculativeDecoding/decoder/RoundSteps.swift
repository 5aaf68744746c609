import Probability

/// The steps of a round that may be replaced: production runs ``StandardSteps``, which replaces none.
///
/// The defaults *are* the algorithm; there is no other copy of it. A faulty decoder (one that is wrong in one
/// known way) overrides one step and leaves the rest to the production code, which is how the suite shows
/// that it would have caught the defect. A rule of one's own overrides ``draftTree(of:by:context:in:using:)``,
/// ``verifyTree(by:endTokens:in:using:completing:)`` or both. With ``StandardSteps`` every step is inlined.
public protocol RoundSteps<Scalar>: Sendable {
  /// The numbers that laws are made of.
  associatedtype Scalar: ProbabilityScalar

  /// Whether a step may read the target's law after any node, and not only after those that verification comes to.
  ///
  /// The laws after the other nodes need not be complete, else (``LanguageModel/evaluateForVerification(_:of:in:into:)``).
  static var readsAllTargetLaws: Bool { get }

  /// Drafts the tree of a round into the workspace, whose tree is the root alone.
  ///
  /// A rule of one's own draws its tree here: it asks the model for the laws of the nodes that it will draw children from
  /// (``LanguageModel/evaluate(_:of:in:into:)``, a level at a time), and appends children in draw order.
  /// - Throws: what the model says of its evaluation.
  mutating func draftTree<Model: LanguageModel, Source: Choices>(
    of method: DecodingMethod, by model: Model, context: inout Model.Context, in workspace: inout Workspace<Scalar>,
    using choices: inout Source
  ) throws(SpeculativeDecodingError) where Model.Scalar == Scalar, Source.Scalar == Scalar

  /// Called when a level's draft laws have been written and before children are drawn from them.
  mutating func willDraft(_ nodes: Range<Int>, in workspace: inout Workspace<Scalar>)

  /// Runs one level of the stochastic beam: appends the next beam to the tree and to ``Workspace/nextBeam``.
  ///
  /// - Parameter outside: the mass of the prefixes that did not make this beam.
  /// - Returns: the mass of the prefixes that did not make the next.
  mutating func extendBeam<Source: Choices>(
    width: Int, outside: Scalar, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Scalar where Source.Scalar == Scalar

  /// Called when the tree is complete and both models have evaluated it, before verification.
  mutating func willVerify(_ workspace: inout Workspace<Scalar>)

  /// Verifies the workspace's tree; appends the accepted nodes to ``Workspace/accepted``.
  ///
  /// - Parameter complete: called once for each node that is come to, before the target's law after it is read;
  ///   ``Workspace/loadResidual(after:completing:)`` does both.
  /// - Returns: the token after the accepted nodes, or `nil` after an accepted end token.
  /// - Throws: what the target says when a law is completed.
  mutating func verifyTree<Source: Choices>(
    by method: DecodingMethod, endTokens: Set<Token>, in workspace: inout Workspace<Scalar>,
    using choices: inout Source,
    completing complete: (Int, inout LawTable<Scalar>) throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> Token? where Source.Scalar == Scalar

  /// Whether a sibling is accepted: `u · p(x) < q(x)` for the laws in the workspace.
  mutating func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Bool where Source.Scalar == Scalar

  /// Updates the residual after a rejected sibling.
  mutating func reject(_ child: Int, in workspace: inout Workspace<Scalar>)

  /// Takes a rejected token out of the proposal before the next sibling is tested, without replacement.
  mutating func exclude(_ token: Token, in workspace: inout Workspace<Scalar>)

  /// The token after a rejection of all siblings of `node`, from the residual; or after a leaf, the bonus.
  mutating func finalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Scalar>,
    using choices: inout Source
  ) -> Token where Source.Scalar == Scalar
}

extension RoundSteps {
  /// `true`: a control may look at the whole tree.
  @inlinable @inline(always) public static var readsAllTargetLaws: Bool { true }

  /// The tree of the method's rule.
  @inlinable @inline(always)
  public mutating func draftTree<Model: LanguageModel, Source: Choices>(
    of method: DecodingMethod, by model: Model, context: inout Model.Context, in workspace: inout Workspace<Scalar>,
    using choices: inout Source
  ) throws(SpeculativeDecodingError) where Model.Scalar == Scalar, Source.Scalar == Scalar {
    try method.draftTree(by: model, context: &context, in: &workspace, steps: &self, using: &choices)
  }

  /// Nothing: the laws are sampled as they are.
  @inlinable @inline(always)
  public mutating func willDraft(_ nodes: Range<Int>, in workspace: inout Workspace<Scalar>) {}

  /// The race of categorical draws.
  @inlinable @inline(always)
  public mutating func extendBeam<Source: Choices>(
    width: Int, outside: Scalar, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Scalar where Source.Scalar == Scalar {
    StochasticBeam.race(width: width, outside: outside, in: &workspace, using: &choices)
  }

  /// Nothing: the tree is verified as it was drafted.
  @inlinable @inline(always)
  public mutating func willVerify(_ workspace: inout Workspace<Scalar>) {}

  /// The verification of the method's rule.
  @inlinable @inline(always)
  public mutating func verifyTree<Source: Choices>(
    by method: DecodingMethod, endTokens: Set<Token>, in workspace: inout Workspace<Scalar>,
    using choices: inout Source,
    completing complete: (Int, inout LawTable<Scalar>) throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> Token? where Source.Scalar == Scalar {
    try method.verifyTree(
      endTokens: endTokens, in: &workspace, steps: &self, using: &choices, completing: complete)
  }

  /// The acceptance test of recursive rejection sampling.
  @inlinable @inline(always)
  public mutating func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Bool where Source.Scalar == Scalar {
    RecursiveRejection.accepts(child, in: &workspace, using: &choices)
  }

  /// The update of recursive rejection sampling.
  @inlinable @inline(always)
  public mutating func reject(_ child: Int, in workspace: inout Workspace<Scalar>) {
    RecursiveRejection.reject(child, in: &workspace)
  }

  /// The token's weight becomes 0, and the mass is summed again.
  @inlinable @inline(always)
  public mutating func exclude(_ token: Token, in workspace: inout Workspace<Scalar>) {
    workspace.exclude(token)
  }

  /// A draw from the law in the workspace that is still to be met.
  @inlinable @inline(always)
  public mutating func finalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Scalar>,
    using choices: inout Source
  ) -> Token where Source.Scalar == Scalar {
    choices.index(for: purpose, in: workspace.residual.span, total: workspace.residualMass)
  }
}

/// The steps of production: the algorithm and nothing else.
public struct StandardSteps<Scalar: ProbabilityScalar>: RoundSteps {
  /// `false`: verification reads what it comes to.
  @inlinable @inline(always) public static var readsAllTargetLaws: Bool { false }

  /// The production steps.
  @inlinable public init() {}
}
