import Probability

extension Decoder {
  /// Decodes from a prompt until `maximumTokens` tokens or the end token; the last round is cut.
  ///
  /// The counts of its rounds are left in `session.diagnostics`.
  /// - Returns: the tokens after the prompt, the end token included.
  /// - Throws: ``SpeculativeDecodingError/nothingToDecode`` for `maximumTokens` below 1, and what ``begin(_:in:)`` and
  ///   ``round(_:using:)`` throw.
  public func generate<Source: Choices>(
    _ maximumTokens: Int, from prompt: [Token], in session: inout Session, using choices: inout Source
  ) throws(SpeculativeDecodingError) -> [Token] where Source.Scalar == Target.Scalar {
    guard maximumTokens > 0 else { throw .nothingToDecode }
    try begin(prompt, in: &session)
    var tokens: [Token] = []
    while tokens.count < maximumTokens, !session.hasEnded {
      try round(&session, using: &choices)
      tokens.append(contentsOf: session.workspace.emitted.prefix(maximumTokens - tokens.count))
    }
    return tokens
  }
}
