import SpeculativeDecoding

/// The tokenizer of byte-level models: token b is byte b of the text's UTF-8.
public struct ByteTokenizer: Tokenizer {
  /// The only one.
  public init() {}

  /// 256.
  public var vocabularySize: Int { 256 }

  /// The text's UTF-8; no token is special.
  public func encode(_ text: String, allowSpecial: Bool) -> [Token] { text.utf8.map(Int.init) }

  /// Adds the token's byte.
  public func appendBytes(of token: Token, isFirst: Bool, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: token))
  }
}
