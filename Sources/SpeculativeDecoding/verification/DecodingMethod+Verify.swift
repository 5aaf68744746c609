import Probability

extension DecodingMethod {
  /// Verifies the workspace's tree by this method's rule; returns the final token, or `nil` after an end token.
  ///
  /// Leaves the accepted nodes in the workspace.
  /// - Parameter complete: called once for each node that is come to, before the target's law after it is read.
  @inlinable @inline(always)
  func verify<Source: Choices, Steps: RoundSteps, Failure: Error>(
    _ workspace: inout Workspace<Source.Scalar>, endTokens: Set<Token>, steps: inout Steps, using choices: inout Source,
    completing complete: (Int, inout LawTable<Source.Scalar>) throws(Failure) -> Void
  ) throws(Failure) -> Token? where Steps.Scalar == Source.Scalar {
    switch self {
    case .autoregressive, .speculative, .rsdC, .rsdS:
      try RecursiveRejection.verify(
        withReplacement: false, endTokens: endTokens, in: &workspace, steps: &steps, using: &choices,
        completing: complete)
    case .specInfer:
      try RecursiveRejection.verify(
        withReplacement: true, endTokens: endTokens, in: &workspace, steps: &steps, using: &choices,
        completing: complete)
    case .specTr:
      try KSequentialSelection.verify(
        endTokens: endTokens, in: &workspace, steps: &steps, using: &choices, completing: complete)
    }
  }
}
