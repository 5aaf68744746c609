import Checkpoints
import SpeculativeDecoding

/// Pieces of text to tokens, by the algorithm of a description.
struct PieceEncoder: Sendable {
  private enum Algorithm {
    case bytePairs(BytePairMerger)
    case unigram(Unigram)
  }

  private let algorithm: Algorithm
  private let spelling: TokenizerDescription.Spelling
  /// The token of each byte: of the alphabet, or those that a character falls back to.
  private var byteTokens = [UInt32?](repeating: nil, count: 256)
  private var characterTokens: [UInt32: UInt32] = [:]
  /// Whole pieces that are tokens, by their bytes; empty where merges are not ignored.
  private var wholeTokens: [[UInt8]: UInt32] = [:]
  private let unknown: UInt32?
  private let fusesUnknown: Bool

  /// - Parameter special: tokens that no piece becomes, unless they are a single character or merged to.
  init(_ definition: TokenizerDescription, excluding special: Set<Token>) throws(CheckpointError) {
    spelling = definition.spelling
    unknown = definition.unknownToken.map { UInt32($0) }
    fusesUnknown = definition.fusesUnknown
    switch definition.algorithm {
    case .bytePairs(let merges): algorithm = .bytePairs(BytePairMerger(merges))
    case .unigram(let scores):
      let tokens = definition.tokens.enumerated().filter { token, text in
        !special.contains(token) && !definition.addedOnly.contains(token)
          && (definition.matchesByteNames || ByteToken.byte(of: text) == nil)
      }
      algorithm = .unigram(
        Unigram(
          tokens.map { ($0.offset, $0.element) }, scores: scores,
          inSinglePrecision: definition.addsInSinglePrecision))
    }
    for (token, text) in definition.tokens.enumerated() where !definition.addedOnly.contains(token) {
      if definition.ignoresMerges, !special.contains(token) {
        let bytes = spelling == .bytes ? ByteAlphabet.decode(text) : text
        if let bytes { wholeTokens[bytes] = UInt32(token) }
      }
      switch spelling {
      case .bytes:
        if text.count <= 2, let bytes = ByteAlphabet.decode(text), bytes.count == 1 {
          byteTokens[Int(bytes[0])] = UInt32(token)
        }
      case .characters:
        if definition.fallsBackToBytes, let byte = ByteToken.byte(of: text) { byteTokens[Int(byte)] = UInt32(token) }
        guard text.count <= 4, !text.isEmpty, !special.contains(token) else { continue }
        let (value, length) = UTF8Scalars.scalar(at: 0, in: text)
        if length == text.count { characterTokens[value] = UInt32(token) }
      }
    }
    if definition.fallsBackToBytes, let missing = byteTokens.firstIndex(of: nil) {
      throw definition.fault("has no token \(ByteToken.name(of: UInt8(missing))), which byte fallback needs")
    }
    if case .unigram = algorithm, unknown == nil, !definition.fallsBackToBytes {
      throw definition.fault("is a unigram vocabulary without an unknown token; name one")
    }
  }

  /// The bytes of UTF-8 that no token spells; none where a character may be unknown.
  var lostBytes: [UInt8] {
    guard spelling == .bytes, unknown == nil else { return [] }
    let never: Set<UInt8> = [0xC0, 0xC1, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF]
    return (UInt8.min...UInt8.max).filter { byteTokens[Int($0)] == nil && !never.contains($0) }
  }

  /// Tokens in the making, and the short pieces that occurred before.
  struct Encoding {
    private let encoder: PieceEncoder
    /// The tokens so far.
    var tokens: [Token] = []
    private var known: [PieceKey: Range<Int>] = [:]
    private var workspace = BytePairMerger.Workspace()

    init(_ encoder: PieceEncoder) { self.encoder = encoder }

    /// Most different pieces that are remembered: some megabytes.
    private static let mostKnown = 1 << 16

    /// Adds the tokens of a piece.
    mutating func append(_ text: [UInt8], _ range: Range<Int>) {
      guard let key = PieceKey(text, range) else {
        encoder.encode(text, range, &workspace, to: &tokens)
        return
      }
      if let before = known[key] {
        // What a piece became stands where it occurred first.
        for index in before { tokens.append(tokens[index]) }
        return
      }
      let start = tokens.count
      encoder.encode(text, range, &workspace, to: &tokens)
      if known.count < Self.mostKnown { known[key] = start..<tokens.count }
    }
  }

  fileprivate func encode(
    _ text: [UInt8], _ range: Range<Int>, _ workspace: inout BytePairMerger.Workspace, to tokens: inout [Token]
  ) {
    if !wholeTokens.isEmpty, let whole = wholeTokens[Array(text[range])] {
      tokens.append(Token(whole))
      return
    }
    switch algorithm {
    case .bytePairs(let merger):
      switch spelling {
      case .bytes: spellBytes(text, range, to: &workspace.tokens)
      case .characters: spellCharacters(text, range, to: &workspace.tokens)
      }
      merger.merge(&workspace)
      for (token, span) in zip(workspace.tokens, workspace.spans) where span > 0 { tokens.append(Token(token)) }
    case .unigram(let unigram):
      for segment in unigram.segments(of: text, range) {
        if let token = segment.token {
          tokens.append(token)
        } else {
          appendUnknown(text[segment.range], to: &tokens)
        }
      }
    }
  }

  private func appendUnknown(_ text: ArraySlice<UInt8>, to tokens: inout [Token]) {
    // Byte tokens are all there or none is.
    guard byteTokens[0] == nil else {
      for byte in text { if let token = byteTokens[Int(byte)] { tokens.append(Token(token)) } }
      return
    }
    if let unknown { tokens.append(Token(unknown)) }
  }

  private func spellBytes(_ text: [UInt8], _ range: Range<Int>, to symbols: inout [UInt32]) {
    symbols.removeAll(keepingCapacity: true)
    var follows = false
    for index in range {
      if let token = byteTokens[Int(text[index])] {
        symbols.append(token)
        follows = false
      } else if let unknown {
        if !(follows && fusesUnknown) { symbols.append(unknown) }
        follows = true
      }
    }
  }

  private func spellCharacters(_ text: [UInt8], _ range: Range<Int>, to symbols: inout [UInt32]) {
    symbols.removeAll(keepingCapacity: true)
    var follows = false
    var position = range.lowerBound
    while position < range.upperBound {
      let (value, length) = UTF8Scalars.scalar(at: position, in: text)
      if let token = characterTokens[value] {
        symbols.append(token)
        follows = false
      } else if byteTokens[0] != nil {
        for index in position..<position + length {
          if let token = byteTokens[Int(text[index])] { symbols.append(token) }
        }
        follows = false
      } else if let unknown {
        if !(follows && fusesUnknown) { symbols.append(unknown) }
        follows = true
      }
      position += length
    }
  }
}

/// A piece of at most 15 bytes and its length, in two words.
private struct PieceKey: Hashable {
  private var low: UInt64 = 0
  private var high: UInt64

  init?(_ text: [UInt8], _ range: Range<Int>) {
    guard range.count < 16 else { return nil }
    high = UInt64(range.count) << 56
    var shift: UInt64 = 0
    for index in range {
      if shift < 64 { low |= UInt64(text[index]) << shift } else { high |= UInt64(text[index]) << (shift - 64) }
      shift += 8
    }
  }
}

/// The tokens <0x00> to <0xFF> of vocabularies that fall back to bytes.
enum ByteToken {
  /// The byte that a token's name stands for; nil for other tokens.
  static func byte(of name: [UInt8]) -> UInt8? {
    guard name.count == 6, name[0] == UInt8(ascii: "<"), name[1] == UInt8(ascii: "0"), name[2] == UInt8(ascii: "x"),
      name[5] == UInt8(ascii: ">"), let high = digit(name[3]), let low = digit(name[4])
    else { return nil }
    return high << 4 | low
  }

  /// The name of a byte's token.
  static func name(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x\(digits.count == 1 ? "0" : "")\(digits)>"
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// ▁ (U+2581), which SentencePiece writes for a space.
enum SpaceMark {
  static let bytes = Array("\u{2581}".utf8)
}
