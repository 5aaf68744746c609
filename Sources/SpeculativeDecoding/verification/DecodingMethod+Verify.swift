import Probability

extension DecodingMethod {
  /// Verifies the workspace's tree by this method's rule; returns the final token, or `nil` after an end token.
  ///
  /// Leaves the accepted nodes in the workspace.
  @inlinable @inline(always)
  func verify<Source: Choices, Steps: RoundSteps>(
    _ workspace: inout Workspace<Source.Scalar>, endToken: Token?, steps: inout Steps, using choices: inout Source
  ) -> Token? where Steps.Scalar == Source.Scalar {
    switch self {
    case .autoregressive, .speculative, .rsdC, .rsdS:
      RecursiveRejection.verify(
        withReplacement: false, endToken: endToken, in: &workspace, steps: &steps, using: &choices)
    case .specInfer:
      RecursiveRejection.verify(
        withReplacement: true, endToken: endToken, in: &workspace, steps: &steps, using: &choices)
    case .specTr:
      KSequentialSelection.verify(endToken: endToken, in: &workspace, steps: &steps, using: &choices)
    }
  }
}
