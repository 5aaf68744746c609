/// A check of JSON text that says in one line where the text is wrong.
///
/// Decoders say that a text is no JSON, but not where, and take one of two equal keys without a word.
public enum JSONSyntax {
  /// The deepest nesting of lists and objects.
  public static let maximumDepth = 64

  /// Makes sure that a text is one JSON value (RFC 8259) in UTF-8, whose keys are unique and numbers finite.
  ///
  /// - Throws: ``ToyModelError/format(_:)`` with line, column and what is wrong.
  /// - Complexity: O(n) in the length of the text.
  public static func check(_ text: some Sequence<UInt8>) throws(ToyModelError) {
    var scanner = JSONScanner(bytes: Array(text))
    try scanner.scan()
  }
}

private struct JSONScanner {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func scan() throws(ToyModelError) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .format("not a text in UTF-8") }
    // Some editors begin a text with a byte order mark, which decoders skip.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipBlanks()
    guard byte != nil else { throw .format("the file is empty") }
    try value(depth: 0)
    skipBlanks()
    if byte != nil { throw error("\(found) follows the end of the value") }
  }

  private mutating func value(depth: Int) throws(ToyModelError) {
    guard depth <= JSONSyntax.maximumDepth else { throw error("nested more than \(JSONSyntax.maximumDepth) deep") }
    switch byte {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try list(depth: depth)
    case UInt8(ascii: "\""): try text()
    case let first? where first == UInt8(ascii: "-") || Self.isDigit(first): try number()
    default:
      for word in ["true", "false", "null"] where found == "\"\(word)\"" {
        position += word.utf8.count
        return
      }
      throw error("\(found) is no JSON value (a number, a text in quotes, a list, an object, true, false or null)")
    }
  }

  private mutating func object(depth: Int) throws(ToyModelError) {
    let start = position
    var keys: Set<ArraySlice<UInt8>> = []
    position += 1
    while true {
      skipBlanks()
      if byte == UInt8(ascii: "}"), keys.isEmpty { break }
      try requireMore("object", from: start)
      guard byte == UInt8(ascii: "\"") else { throw error("a key in quotes is expected, not \(found)") }
      let keyStart = position
      try text()
      let key = bytes[keyStart..<position]
      guard keys.insert(key).inserted else {
        position = keyStart
        throw error("the key \(String(decoding: key, as: UTF8.self)) occurs twice")
      }
      skipBlanks()
      try requireMore("object", from: start)
      guard byte == UInt8(ascii: ":") else { throw error("a colon is expected, not \(found)") }
      position += 1
      skipBlanks()
      try requireMore("object", from: start)
      try value(depth: depth + 1)
      if try isEnd(UInt8(ascii: "}"), of: "object", from: start) { break }
    }
    position += 1
  }

  private mutating func list(depth: Int) throws(ToyModelError) {
    let start = position
    position += 1
    skipBlanks()
    if byte != UInt8(ascii: "]") {
      repeat {
        skipBlanks()
        try requireMore("list", from: start)
        try value(depth: depth + 1)
      } while try !isEnd(UInt8(ascii: "]"), of: "list", from: start)
    }
    position += 1
  }

  /// Whether the next byte ends a list or object; otherwise it must be the comma before the next value.
  private mutating func isEnd(_ end: UInt8, of kind: String, from start: Int) throws(ToyModelError) -> Bool {
    skipBlanks()
    try requireMore(kind, from: start)
    if byte == end { return true }
    guard byte == UInt8(ascii: ",") else {
      throw error("a comma or the end of the \(kind) is expected, not \(found)")
    }
    position += 1
    return false
  }

  private mutating func text() throws(ToyModelError) {
    let start = position
    position += 1
    while byte != UInt8(ascii: "\"") {
      guard let byte, byte >= 0x20 else {
        position = start
        throw error("the text that begins here does not end on its line")
      }
      position += 1
      if byte == UInt8(ascii: "\\") { try escape() }
    }
    position += 1
  }

  private mutating func escape() throws(ToyModelError) {
    guard let byte, "\"\\/bfnrtu".utf8.contains(byte) else { throw error("no escape in a text begins with \(found)") }
    position += 1
    guard byte == UInt8(ascii: "u") else { return }
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else {
      throw error("\\u needs four hexadecimal digits")
    }
    position += 4
  }

  private mutating func number() throws(ToyModelError) {
    // RFC 8259, section 6: the grammar of a number is narrower than Swift's.
    let start = position
    if byte == UInt8(ascii: "-") { position += 1 }
    var isNumber = true
    if byte == UInt8(ascii: "0") { position += 1 } else { isNumber = skipDigits() }
    if byte == UInt8(ascii: ".") {
      position += 1
      isNumber = skipDigits() && isNumber
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      isNumber = skipDigits() && isNumber
    }
    if let byte, Self.isDigit(byte) || byte == UInt8(ascii: ".") { isNumber = false }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard isNumber else {
      position = start
      throw error("\(found) is no JSON number")
    }
    guard let value = Double(word), value.isFinite else {
      position = start
      throw error("the number \(found) is too large")
    }
  }

  /// Whether there was a digit.
  private mutating func skipDigits() -> Bool {
    let start = position
    while let byte, Self.isDigit(byte) { position += 1 }
    return position > start
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func skipBlanks() {
    while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private func requireMore(_ kind: String, from start: Int) throws(ToyModelError) {
    if byte != nil { return }
    throw error("the file ends inside the \(kind) that begins at \(place(of: start)); was it cut off?")
  }

  /// The text at the position: a word, or one character.
  private var found: String {
    let rest = String(decoding: bytes[position...].prefix(96), as: UTF8.self)
    guard let first = rest.first else { return "the end of the file" }
    let word = rest.prefix { $0.isLetter || $0.isNumber || "+-._".contains($0) }.prefix(24)
    if word.isEmpty, first.isNewline { return "the end of the line" }
    return "\"\(word.isEmpty ? String(first) : String(word))\""
  }

  private func error(_ reason: String) -> ToyModelError { .format("\(place(of: position)): \(reason)") }

  /// Lines and columns from 1; columns count characters, as editors do.
  private func place(of position: Int) -> String {
    let before = bytes[..<position]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = before.count { $0 == 0x0A } + 1
    let column = String(decoding: bytes[lineStart..<position], as: UTF8.self).count + 1
    return "line \(line), column \(column)"
  }
}
