import SpeculativeDecoding

/// Text to tokens, and tokens to the bytes of a text.
///
/// Whatever a token is (a byte, a piece of a byte-pair encoding, a word), what it adds to a text are bytes, which need
/// not be whole characters: a ``StreamingText`` joins them to characters. Begin and end tokens are the
/// configuration's matter and add nothing.
public protocol Tokenizer: Sendable {
  /// Tokens that it knows; those of a model's vocabulary.
  var vocabularySize: Int { get }

  /// The tokens of a text, without a begin or an end token.
  ///
  /// Decoding them gives the text again.
  func encode(_ text: String) -> [Token]

  /// Adds what a token adds to a text.
  ///
  /// - Parameters:
  ///   - token: below ``vocabularySize``.
  ///   - isFirst: whether the text begins with it; some tokenizers mark words by a space before each, which the first
  ///     word of a text has not.
  func appendBytes(of token: Token, isFirst: Bool, to bytes: inout [UInt8])
}

extension Tokenizer {
  /// The text of tokens; bytes that are no UTF-8 become U+FFFD.
  public func decode(_ tokens: some Sequence<Token>) -> String {
    var text = StreamingText(self)
    return tokens.reduce(into: "") { $0 += text.append($1) } + text.finish()
  }
}
