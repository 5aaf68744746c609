import SpeculativeDecoding

/// A text that arrives token by token, passed on in whole characters.
///
/// Holds back the bytes of a UTF-8 sequence that is not complete yet, three at most. The parts that it gives are
/// together what decoding all the bytes at once gives, whatever the bytes are: those that are no UTF-8 become U+FFFD.
public struct StreamingText: Sendable {
  private let tokenizer: any Tokenizer
  private var pending: [UInt8] = []
  private var isFirst: Bool
  private let showsSpecial: Bool

  /// A text over a tokenizer.
  ///
  /// - Parameters:
  ///   - tokenizer: what the tokens mean.
  ///   - isFirst: whether the first token begins a text; false where it continues a prompt.
  ///   - showsSpecial: whether special tokens are shown by their names, and not left out.
  public init(_ tokenizer: any Tokenizer, isFirst: Bool = true, showsSpecial: Bool = false) {
    self.tokenizer = tokenizer
    self.isFirst = isFirst
    self.showsSpecial = showsSpecial
  }

  /// The text that a token completes, which may be empty.
  public mutating func append(_ token: Token) -> String {
    if tokenizer.isSpecial(token) {
      if showsSpecial { pending += tokenizer.bytes(of: token) }
    } else {
      tokenizer.appendBytes(of: token, isFirst: isFirst, to: &pending)
      isFirst = false
    }
    let whole = pending.count - Self.incompleteSuffix(of: pending)
    if whole == 0 { return "" }
    let text = String(decoding: pending[..<whole], as: UTF8.self)
    pending.removeFirst(whole)
    return text
  }

  /// The rest of the text: U+FFFD for a character that was never completed.
  public mutating func finish() -> String {
    defer { pending.removeAll() }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many of the last bytes begin a UTF-8 sequence that further bytes could complete.
  static func incompleteSuffix(of bytes: [UInt8]) -> Int {
    // The lead of an incomplete sequence is one of the last three bytes.
    for length in 1...3 where length <= bytes.count {
      let suffix = bytes.suffix(length)
      guard let lead = suffix.first, lead & 0xC0 != 0x80 else { continue }
      return isProperPrefix(suffix) ? length : 0
    }
    return 0
  }

  /// Whether bytes are a part of a well-formed sequence, and not all of it.
  ///
  /// - Source: The Unicode Standard 16.0, table 3-7: after some leads the second byte has a narrower range, or the
  ///   sequence would be overlong, a surrogate, or beyond U+10FFFF.
  private static func isProperPrefix(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let lead = bytes.first else { return false }
    let (length, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    default: return false
    }
    if bytes.count >= length { return false }
    return bytes.dropFirst().enumerated().allSatisfy { ($0 == 0 ? second : 0x80...0xBF).contains($1) }
  }
}
