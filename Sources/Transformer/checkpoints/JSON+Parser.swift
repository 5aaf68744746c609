extension JSON {
  /// Parses a text that is one JSON value, in UTF-8 without a byte order mark.
  ///
  /// Two names are the same if Swift compares them so, that is up to canonical equivalence, after their escapes are
  /// read: what is a dictionary's key later must be unique by that measure. Where the limits say so they are the same
  /// only if their bytes are.
  /// - Throws: ``JSONError`` where the text breaks the grammar, is no UTF-8, escapes half a surrogate pair, repeats a
  ///   name, or goes beyond a limit.
  /// - Complexity: O(n) time in the length of the text; memory in proportion to it and to the number of values.
  init(_ text: [UInt8], limits: Limits) throws(JSONError) {
    var parser = JSONParser(bytes: text, limits: limits)
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let limits: JSON.Limits
  var position = 0
  var values = 0

  init(bytes: [UInt8], limits: JSON.Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func document() throws(JSONError) -> JSON {
    guard bytes.count <= limits.bytes else {
      throw JSONError(offset: limits.bytes, reason: "the text is longer than \(limits.bytes) bytes")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error("the text begins with a byte order mark; remove it") }
    skipBlanks()
    let value = try value(depth: 0)
    skipBlanks()
    if byte != nil { throw error("\(found) follows the end of the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    values += 1
    guard values <= limits.values else { throw error("the text holds more than \(limits.values) values") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case let first? where first == UInt8(ascii: "-") || isDigit(first): return .number(try number())
    case UInt8(ascii: "t") where skip("true"): return .boolean(true)
    case UInt8(ascii: "f") where skip("false"): return .boolean(false)
    case UInt8(ascii: "n") where skip("null"): return .null
    default: throw error("a value is expected, not \(found)")
    }
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSON.Member] {
    guard depth < limits.depth else { throw error("nested more than \(limits.depth) deep") }
    var members: [JSON.Member] = []
    var names: Set<String> = []
    var exactNames: Set<JSON.ExactName> = []
    position += 1
    skipBlanks()
    if skip("}") { return [] }
    repeat {
      skipBlanks()
      let start = position
      guard byte == UInt8(ascii: "\"") else { throw error("a name in quotes is expected, not \(found)") }
      let name = try string()
      // Most objects are small: comparing is cheaper than hashing there.
      let isNew: Bool
      if limits.distinguishesForms {
        if members.count == 16 { exactNames = Set(members.map { JSON.ExactName(text: $0.name) }) }
        let exact = JSON.ExactName(text: name)
        isNew =
          members.count < 16
          ? !members.contains { JSON.ExactName(text: $0.name) == exact } : exactNames.insert(exact).inserted
      } else {
        if members.count == 16 { names = Set(members.map(\.name)) }
        isNew = members.count < 16 ? !members.contains { $0.name == name } : names.insert(name).inserted
      }
      guard isNew else { throw JSONError(offset: start, reason: "the name \"\(name.oneLine())\" occurs twice") }
      skipBlanks()
      guard skip(":") else { throw error("a colon is expected, not \(found)") }
      skipBlanks()
      members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
      skipBlanks()
    } while skip(",")
    guard skip("}") else { throw error("a comma or the end of the object is expected, not \(found)") }
    return members
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSON] {
    guard depth < limits.depth else { throw error("nested more than \(limits.depth) deep") }
    var elements: [JSON] = []
    position += 1
    skipBlanks()
    if skip("]") { return [] }
    repeat {
      skipBlanks()
      elements.append(try value(depth: depth + 1))
      skipBlanks()
    } while skip(",")
    guard skip("]") else { throw error("a comma or the end of the array is expected, not \(found)") }
    return elements
  }

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    // What precedes `run`, where escapes make it differ from the file's bytes.
    var unescaped: [UInt8] = []
    var run = position
    while let byte, byte >= 0x20 {
      switch byte {
      case UInt8(ascii: "\""):
        let tail = bytes[run..<position]
        position += 1
        let text: String?
        if unescaped.isEmpty {
          text = String(validating: tail, as: UTF8.self)
        } else {
          unescaped.append(contentsOf: tail)
          text = String(validating: unescaped, as: UTF8.self)
        }
        guard let text else { throw JSONError(offset: start, reason: "the string that begins here is no UTF-8") }
        return text
      case UInt8(ascii: "\\"):
        unescaped.append(contentsOf: bytes[run..<position])
        unescaped.append(contentsOf: try escape())
        run = position
      default: position += 1
      }
    }
    if byte != nil { throw error("a control character in a string must be escaped") }
    throw JSONError(offset: start, reason: "the string that begins here does not end")
  }

  /// The UTF-8 of an escape, of a surrogate pair's both.
  private mutating func escape() throws(JSONError) -> [UInt8] {
    let start = position
    position += 1
    let kind = byte
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [bytes[position - 1]]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default:
      position = start + 1
      throw error("no escape is written \\ and \(found)")
    }
    var code = UInt32(try codeUnit())
    if (0xD800..<0xDC00).contains(code), skip("\\u") {
      let low = UInt32(try codeUnit())
      if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw JSONError(offset: start, reason: "the escape is half of a surrogate pair")
    }
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("\\u needs four hexadecimal digits, not \(found)")
      }
      code = code << 4 | UInt16(digit)
      position += 1
    }
    return code
  }

  private mutating func number() throws(JSONError) -> JSON.Number {
    // RFC 8259, section 6: no plus, no leading zeros, digits on both sides of the point.
    let start = position
    _ = skip("-")
    if !skip("0") { try digits() }
    if skip(".") { try digits() }
    if skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      try digits()
    }
    if let byte, isDigit(byte) { throw error("a number has no leading zeros") }
    return JSON.Number(text: String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte, isDigit(byte) { position += 1 }
    if position == start { throw error("a digit is expected, not \(found)") }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Whether the word stands here, and if so, steps over it.
  private mutating func skip(_ word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    let isHere = word.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
    if isHere { position = end }
    return isHere
  }

  /// What stands here: a word, or one character.
  private var found: String {
    guard position < bytes.count else { return "the end of the text" }
    let rest = String(decoding: bytes[position...].prefix(24), as: UTF8.self)
    let word = rest.prefix { $0.isLetter || $0.isNumber || "+-._".contains($0) }
    return "\"\(String(word.isEmpty ? rest.prefix(1) : word).oneLine(limit: 24))\""
  }

  private func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }
}
