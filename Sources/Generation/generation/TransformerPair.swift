import Checkpoints
import SpeculativeDecoding
import Transformer

/// A target, a draft that fits it, and how their laws are shaped: all that generations over them share.
public struct TransformerPair: Sendable {
  /// The model whose law the text has.
  public let target: TransformerModel
  /// The model that proposes; `nil` where only autoregressive decoding is wanted.
  public let draft: DraftModel?
  /// The profile of both models' laws.
  public let profile: SamplingProfile
  /// The tokens after which a text has ended; those of the target's configuration unless others are given.
  public let endTokens: [Token]

  /// Two models of one vocabulary.
  ///
  /// - Parameters:
  ///   - target: the model whose law the text has.
  ///   - draft: the model that proposes, if one does.
  ///   - profile: what shapes the laws of both.
  ///   - endTokens: the tokens that end a text; those of the target's configuration by default.
  /// - Throws: ``SpeculativeDecodingError/vocabularyMismatch(target:draft:)``, and
  ///   ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)`` for an end token.
  public init(
    target: TransformerModel, draft: DraftModel?, profile: SamplingProfile = .plain, endTokens: [Token]? = nil
  ) throws(SpeculativeDecodingError) {
    if let draft, draft.vocabularySize != target.vocabularySize {
      throw .vocabularyMismatch(target: target.vocabularySize, draft: draft.vocabularySize)
    }
    self.target = target
    self.draft = draft
    self.profile = profile
    self.endTokens = endTokens ?? target.configuration.endTokens
    for token in self.endTokens where !(0..<target.vocabularySize).contains(token) {
      throw .tokenOutOfRange(token: token, vocabulary: target.vocabularySize, place: "end tokens")
    }
  }

  /// The same models and profile, ending at other tokens.
  ///
  /// - Throws: ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)``
  public func ending(at endTokens: [Token]) throws(SpeculativeDecodingError) -> TransformerPair {
    try TransformerPair(target: target, draft: draft, profile: profile, endTokens: endTokens)
  }

  /// r, the draft's parameters over the target's; 0 without a draft, and for one that has none.
  public var sizeRatio: Double {
    Double(draft?.parameterCount ?? 0) / Double(target.configuration.parameterCount)
  }

  /// The depth of the deepest tree that both models can evaluate behind a text of `tokens` tokens.
  ///
  /// The draft evaluates no leaves, so that its context may be one token shorter. Below 0 where the target has no next
  /// token either; 0 where it has one, but no tree.
  public func deepestTree(after tokens: Int) -> Int {
    let deepest = target.deepestTree(after: tokens)
    guard let draft else { return min(deepest, 0) }
    guard deepest > 0, let limit = draft.contextLimit else { return deepest }
    return min(deepest, max(0, limit - tokens + 1))
  }
}
