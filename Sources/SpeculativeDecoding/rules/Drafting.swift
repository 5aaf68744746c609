/// The structure of a draft tree: how its nodes are drawn.
public enum Drafting: Hashable, Sendable {
  /// No tree.
  case none
  /// Distinct children at each node: draws without replacement (``ConstantBranching``).
  case distinctChildren
  /// Independent children at each node, which may repeat one another (``ConstantBranching``).
  case independentChildren
  /// Independent sequences, merged by their common prefixes (``IndependentSequences``).
  case independentSequences
  /// The stochastic beam (``StochasticBeam``).
  case stochasticBeam
  /// A tree that the rule's own ``RoundSteps/draftTree(of:by:context:in:using:)`` draws.
  case ownSteps

  /// Whether siblings may have one token: each draw is then from the whole law.
  @inlinable public var isWithReplacement: Bool { self == .independentChildren || self == .independentSequences }
}
