import Checkpoints
import SpeculativeDecoding

/// The tokenizer of a description: added tokens are found first, what is between them is normalised, cut into pieces,
/// and the pieces become tokens.
///
///     let tokenizer = try PieceTokenizer(TokenizerDescription.open(folder))
///     tokenizer.encode("Hello world")          // [19556, 905] with SmolLM2's
///
/// The tokens are those of Hugging Face's `tokenizers` for the same file; `docs/tokenizers.md` states how that is tested
/// and where it ends.
public struct PieceTokenizer: Tokenizer {
  /// The description that it was made of.
  public let definition: TokenizerDescription
  private let texts: TokenTexts
  private let special: Set<Token>
  private let rawMatcher: AddedTokenMatcher
  private let normalizedMatcher: AddedTokenMatcher
  private let encoder: PieceEncoder

  /// Checks a description and prepares its tables.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` for what is out of range, missing, or occurs twice.
  /// - Complexity: O(n) in the bytes of the vocabulary and its merges.
  public init(_ definition: TokenizerDescription) throws(CheckpointError) {
    try definition.check()
    self.definition = definition
    texts = TokenTexts(definition)
    special = definition.controlTokens.union(definition.added.lazy.filter(\.isSpecial).map(\.token))
    rawMatcher = AddedTokenMatcher(definition.added.filter { !$0.isNormalized })
    normalizedMatcher = AddedTokenMatcher(
      definition.added.filter(\.isNormalized).map { added in
        var added = added
        added.content = definition.normalized(added.content[...])
        return added
      })
    encoder = try PieceEncoder(definition, excluding: special)
  }

  /// Tokens in the vocabulary, the added ones included.
  public var vocabularySize: Int { definition.tokens.count }

  /// The bytes that no token can spell; a text loses them, as it does in Hugging Face's `tokenizers`.
  ///
  /// Empty where the vocabulary spells all that occurs in UTF-8, or has an unknown token.
  public var lostBytes: [UInt8] { encoder.lostBytes }

  /// The tokens of a text; see ``Tokenizer/encode(_:allowSpecial:)``.
  public func encode(_ text: String, allowSpecial: Bool) -> [Token] {
    encode([PromptPart(text, isContent: !allowSpecial)])
  }

  /// The tokens of a text of several parts, tokenised as one.
  ///
  /// - Parameter parts: special tokens are found outside of contents only, also where they begin in one.
  /// - Complexity: O(n log n) in the bytes of the text.
  public func encode(_ parts: [PromptPart]) -> [Token] {
    var text: [UInt8] = []
    var contents: [Range<Int>] = []
    for part in parts {
      let start = text.count
      text.append(contentsOf: part.text.utf8)
      if part.isContent, start < text.count { contents.append(start..<text.count) }
    }
    var encoding = PieceEncoder.Encoding(encoder)
    let isPlain = { (range: Range<Int>) in contents.contains { $0.overlaps(range) } }
    for part in rawMatcher.parts(of: text, isPlain: isPlain) {
      if let token = part.token {
        encoding.tokens.append(token)
      } else {
        encode(text[part.range], isPlain: isPlain(part.range), isStart: part.range.lowerBound == 0, to: &encoding)
      }
    }
    return encoding.tokens
  }

  private func encode(
    _ raw: ArraySlice<UInt8>, isPlain: Bool, isStart: Bool, to encoding: inout PieceEncoder.Encoding
  ) {
    let text = definition.normalized(raw)
    for part in normalizedMatcher.parts(of: text, isPlain: { _ in isPlain }) {
      if let token = part.token {
        encoding.tokens.append(token)
        continue
      }
      let piece = part.range.count == text.count ? text : Array(text[part.range])
      definition.cuts.forEachPiece(of: piece, isStart: isStart && part.range.lowerBound == 0) { text, range in
        encoding.append(text, range)
      }
    }
  }

  /// Adds a token's text; nothing for special tokens and numbers beyond the vocabulary.
  public func appendBytes(of token: Token, isFirst: Bool, to bytes: inout [UInt8]) {
    guard token < vocabularySize, !special.contains(token) else { return }
    let text = texts[token]
    let drops = isFirst && definition.dropsFirstSpace && text.first == UInt8(ascii: " ")
    bytes.append(contentsOf: drops ? text.dropFirst() : text)
  }

  /// Whether text never becomes the token, unless it is spelled out and allowed to.
  public func isSpecial(_ token: Token) -> Bool { special.contains(token) }

  /// The token's text, or its name.
  public func bytes(of token: Token) -> [UInt8] { token < vocabularySize ? Array(texts[token]) : [] }

  /// The token that the source calls the end token, if it names one.
  package var endToken: Token? { definition.namedTokens["eos_token"].flatMap { token(spelled: $0) } }

  /// The token that is spelled so, if there is one.
  public func token(spelled text: String) -> Token? {
    definition.added.first { $0.content.elementsEqual(text.utf8) }?.token
      ?? definition.tokens.firstIndex { $0.elementsEqual(text.utf8) }
  }

  /// The first token that the other spells differently, or has not; nil if the vocabularies are the same.
  public func firstDifference(from other: PieceTokenizer) -> Token? {
    let (own, others) = (definition.tokens, other.definition.tokens)
    for token in 0..<min(own.count, others.count) where own[token] != others[token] { return token }
    return own.count == others.count ? nil : min(own.count, others.count)
  }
}

/// A part of a prompt: what a template writes, or what a person does.
public struct PromptPart: Hashable, Sendable {
  /// The text.
  public var text: String
  /// Whether it is content, in which special tokens are not looked for.
  public var isContent: Bool

  /// A part.
  public init(_ text: String, isContent: Bool) { (self.text, self.isContent) = (text, isContent) }
}

/// The bytes of each token, in one array.
private struct TokenTexts: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [UInt32] = []

  init(_ definition: TokenizerDescription) {
    let added = Dictionary(definition.added.map { ($0.token, $0) }) { first, _ in first }
    ends.reserveCapacity(definition.tokens.count)
    for (token, spelled) in definition.tokens.enumerated() {
      bytes.append(contentsOf: Self.text(spelled, added[token], definition))
      ends.append(UInt32(bytes.count))
    }
  }

  private static func text(
    _ spelled: [UInt8], _ added: TokenizerDescription.AddedToken?, _ definition: TokenizerDescription
  ) -> [UInt8] {
    if let added, added.isSpecial || definition.spelling == .bytes { return added.content }
    if definition.spelling == .bytes { return ByteAlphabet.decode(spelled) ?? spelled }
    if definition.fallsBackToBytes, let byte = ByteToken.byte(of: spelled) { return [byte] }
    guard definition.marksSpaces else { return spelled }
    return TokenizerDescription.replacing(SpaceMark.bytes, with: [UInt8(ascii: " ")], in: spelled[...])
  }

  subscript(_ token: Token) -> ArraySlice<UInt8> {
    bytes[(token == 0 ? 0 : Int(ends[token - 1]))..<Int(ends[token])]
  }
}
