import SpeculativeDecoding

/// Text to tokens, and tokens to the bytes of a text.
///
/// Whatever a token is (a byte, a piece of a byte-pair encoding, a word), what it adds to a text are bytes, which need
/// not be whole characters: a ``StreamingText`` joins them to characters. Begin and end tokens are the
/// configuration's matter and add nothing.
public protocol Tokenizer: Sendable {
  /// Tokens that it knows; at most those of a model's vocabulary, which may be padded.
  var vocabularySize: Int { get }

  /// The tokens of a text, without a begin or an end token.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - allowSpecial: whether special tokens that are spelled out in the text, such as `<|im_end|>`, become these
  ///     tokens, as in a prompt that its writer vouches for; false for the words of a user, who must not steer the
  ///     model so.
  func encode(_ text: String, allowSpecial: Bool) -> [Token]

  /// Adds what a token adds to a text: nothing for a special token.
  ///
  /// - Parameters:
  ///   - token: from 0; those from ``vocabularySize`` on add nothing.
  ///   - isFirst: whether the text begins with it; some tokenizers mark words by a space before each, which the first
  ///     word of a text has not.
  func appendBytes(of token: Token, isFirst: Bool, to bytes: inout [UInt8])

  /// Whether a token steers the model and is no text.
  func isSpecial(_ token: Token) -> Bool

  /// The bytes that a token stands for wherever it is; those of its name if it is special.
  func bytes(of token: Token) -> [UInt8]
}

extension Tokenizer {
  /// The tokens of a text, in which special tokens may be spelled out; as Hugging Face's `tokenizers` does by default.
  public func encode(_ text: String) -> [Token] { encode(text, allowSpecial: true) }

  /// The text of tokens, without the special ones; bytes that are no UTF-8 become U+FFFD.
  public func decode(_ tokens: some Sequence<Token>) -> String {
    var text = StreamingText(self)
    return tokens.reduce(into: "") { $0 += text.append($1) } + text.finish()
  }

  /// False: a tokenizer without special tokens.
  public func isSpecial(_ token: Token) -> Bool { false }

  /// The bytes that a token adds to a text that has begun.
  public func bytes(of token: Token) -> [UInt8] {
    var bytes: [UInt8] = []
    appendBytes(of: token, isFirst: false, to: &bytes)
    return bytes
  }
}
