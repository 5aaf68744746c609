/// The verification of a draft tree: how the accepted path and the final token are chosen.
public enum Verification: Hashable, Sendable {
  /// Siblings one after the other, each against what the earlier leave of the target (``RecursiveRejection``).
  case recursiveRejection
  /// K-SEQ: siblings against the scaled target (``KSequentialSelection``).
  case sequentialSelection
  /// The rule's own ``RoundSteps/verifyTree(by:endTokens:in:using:completing:)``.
  case ownSteps
}
