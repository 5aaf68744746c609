/// One way to be wrong: what a control changes in the one production decoder.
///
/// A fault acts through a step of the round (``FaultySteps``) or through the source of choices (``FaultyChoices``);
/// nothing of the algorithm is written twice.
public enum Fault: String, Hashable, Sendable, CaseIterable {
  /// Nothing is changed.
  case none
  /// Every drafted token is accepted.
  case alwaysAccepts = "always-accepts"
  /// The residual is updated after the last sibling only.
  case residualNotUpdated = "residual-not-updated"
  /// Siblings are verified in descending order of their draft probability, not in draw order.
  case siblingsInProbabilityOrder = "siblings-in-probability-order"
  /// The uniform of the last acceptance test is used again for the draw from the residual.
  case acceptanceUniformReused = "acceptance-uniform-reused"
}
