extension JSON {
  /// Parses a text that is one JSON value, in UTF-8; a byte order mark before it is skipped.
  ///
  /// Two keys are the same if Swift compares them so, that is up to canonical equivalence, after their escapes are
  /// read: what is a dictionary's key later must be unique by that measure. Where the limits say so they are the same
  /// only if their bytes are.
  /// - Throws: ``JSONError`` where the text breaks the grammar, is no UTF-8, escapes half a surrogate pair, repeats a
  ///   key, holds a number beyond `Double`, or goes beyond a limit.
  /// - Complexity: O(n) time in the length of the text; memory in proportion to it and to the number of values.
  package init(_ text: some Sequence<UInt8>, limits: Limits) throws(JSONError) {
    var parser = JSONParser(bytes: Array(text), limits: limits)
    self = try parser.document()
  }

  /// Makes sure that a text is one JSON value, for decoders that do not say where it is none.
  ///
  /// - Throws: ``JSONError``, as ``init(_:limits:)`` does.
  package static func check(_ text: some Sequence<UInt8>) throws(JSONError) { _ = try JSON(text, limits: .document) }
}

private struct JSONParser {
  let bytes: [UInt8]
  let limits: JSON.Limits
  var position = 0
  var values = 0
  /// Where the lists and objects begin that the position is within.
  var open: [Int] = []

  init(bytes: [UInt8], limits: JSON.Limits) { (self.bytes, self.limits) = (bytes, limits) }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func document() throws(JSONError) -> JSON {
    guard bytes.count <= limits.bytes else { throw JSONError("the text is longer than \(limits.bytes) bytes") }
    // Some editors begin a text with a byte order mark.
    _ = skip("\u{FEFF}")
    skipBlanks()
    guard byte != nil else { throw JSONError("the file is empty") }
    let value = try value()
    skipBlanks()
    if byte != nil { throw fault("\(found) follows the end of the value") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSON {
    values += 1
    guard values <= limits.values else { throw fault("the text holds more than \(limits.values) values") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members())
    case UInt8(ascii: "["): return .array(try elements())
    case UInt8(ascii: "\""): return .string(try text())
    case let first? where first == UInt8(ascii: "-") || isDigit(first): return .number(try number())
    case UInt8(ascii: "t") where skip("true"): return .boolean(true)
    case UInt8(ascii: "f") where skip("false"): return .boolean(false)
    case UInt8(ascii: "n") where skip("null"): return .null
    default:
      throw fault("\(found) is no JSON value (a number, a text in quotes, a list, an object, true, false or null)")
    }
  }

  private mutating func members() throws(JSONError) -> [JSON.Member] {
    var members: [JSON.Member] = []
    var names: Set<JSON.Name> = []
    try enter()
    if skip("}") { return leave(members) }
    repeat {
      skipBlanks()
      let start = position
      guard byte == UInt8(ascii: "\"") else { throw fault("a key in quotes is expected, not \(found)") }
      let name = JSON.Name(text: try text(), isExact: limits.distinguishesForms)
      // Most objects are small: comparing is cheaper than hashing there.
      if members.count == 16 { names = Set(members.map { JSON.Name(text: $0.name, isExact: name.isExact) }) }
      let isNew =
        members.count < 16
        ? !members.contains { JSON.Name(text: $0.name, isExact: name.isExact) == name } : names.insert(name).inserted
      guard isNew else { throw fault("the key \"\(name.text.oneLine())\" occurs twice", at: start) }
      skipBlanks()
      guard skip(":") else { throw fault("a colon is expected, not \(found)") }
      skipBlanks()
      members.append(JSON.Member(name: name.text, value: try value()))
      skipBlanks()
    } while skip(",")
    guard skip("}") else { throw fault("a comma or the end of the object is expected, not \(found)") }
    return leave(members)
  }

  private mutating func elements() throws(JSONError) -> [JSON] {
    var elements: [JSON] = []
    try enter()
    if skip("]") { return leave(elements) }
    repeat {
      skipBlanks()
      elements.append(try value())
      skipBlanks()
    } while skip(",")
    guard skip("]") else { throw fault("a comma or the end of the list is expected, not \(found)") }
    return leave(elements)
  }

  /// Steps over the bracket that stands here, and what is blank behind it.
  private mutating func enter() throws(JSONError) {
    guard open.count < limits.depth else { throw fault("nested more than \(limits.depth) deep") }
    open.append(position)
    position += 1
    skipBlanks()
  }

  private mutating func leave<Parts>(_ parts: Parts) -> Parts {
    open.removeLast()
    return parts
  }

  private mutating func text() throws(JSONError) -> String {
    let start = position
    position += 1
    // What precedes `run`, where escapes make it differ from the file's bytes.
    var unescaped: ArraySlice<UInt8> = []
    var run = position
    while let byte, byte >= 0x20 {
      switch byte {
      case UInt8(ascii: "\""):
        let tail = bytes[run..<position]
        position += 1
        guard let text = String(validating: unescaped.isEmpty ? tail : unescaped + tail, as: UTF8.self) else {
          throw fault("the text that begins here is no UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"):
        unescaped.append(contentsOf: bytes[run..<position])
        unescaped.append(contentsOf: try escape())
        run = position
      default: position += 1
      }
    }
    guard let byte, byte != 0x0A, byte != 0x0D else {
      throw fault("the text that begins here does not end on its line", at: start)
    }
    throw fault("a control character in a text must be escaped")
  }

  /// The UTF-8 of an escape, of a surrogate pair's both.
  private mutating func escape() throws(JSONError) -> [UInt8] {
    let start = position
    position += 1
    switch byte {
    case let byte? where "\"\\/".utf8.contains(byte):
      position += 1
      return [byte]
    case _ where skip("b"): return [0x08]
    case _ where skip("f"): return [0x0C]
    case _ where skip("n"): return [0x0A]
    case _ where skip("r"): return [0x0D]
    case _ where skip("t"): return [0x09]
    case _ where skip("u"): break
    default: throw fault("no escape in a text begins with \(found)")
    }
    var code = try codeUnit()
    if (0xD800..<0xDC00).contains(code), skip("\\u") {
      let low = try codeUnit()
      if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault("the escape is half of a surrogate pair", at: start) }
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    let start = position
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("\\u needs four hexadecimal digits", at: start)
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func number() throws(JSONError) -> JSON.Number {
    // RFC 8259, section 6: the grammar of a number is narrower than Swift's.
    let start = position
    _ = skip("-")
    var isNumber = skip("0") || skipDigits()
    if skip(".") { isNumber = skipDigits() && isNumber }
    if skip("e") || skip("E") {
      if !skip("+") { _ = skip("-") }
      isNumber = skipDigits() && isNumber
    }
    if let byte, isDigit(byte) || byte == UInt8(ascii: ".") { isNumber = false }
    let number = JSON.Number(text: String(decoding: bytes[start..<position], as: UTF8.self))
    guard isNumber, number.double != nil else {
      position = start
      // Named: by default, a release build by Swift 6.3.1 takes the position from before the line above.
      throw fault(isNumber ? "the number \(found) is too large" : "\(found) is no JSON number", at: start)
    }
    return number
  }

  /// Whether there was a digit.
  private mutating func skipDigits() -> Bool {
    let start = position
    while let byte, isDigit(byte) { position += 1 }
    return position > start
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

  /// The text here, for messages: a word, or one character.
  private var found: String {
    let rest = String(decoding: bytes[position...].prefix(96), as: UTF8.self)
    guard let first = rest.first else { return "the end of the file" }
    let word = rest.prefix { $0.isLetter || $0.isNumber || "+-._".contains($0) }.prefix(24)
    if word.isEmpty, first.isNewline { return "the end of the line" }
    if first == "\u{FFFD}", byte != 0xEF { return "a byte that is no UTF-8" }
    return "\"\(String(word.isEmpty ? rest.prefix(1) : word).oneLine(limit: 24))\""
  }

  /// An error at a position, by default here; where the text ends inside a list or an object, it says so.
  private func fault(_ reason: String, at offset: Int? = nil) -> JSONError {
    let offset = offset ?? position
    guard offset == bytes.count, let start = open.last else { return JSONError(reason, at: offset, in: bytes) }
    let kind = bytes[start] == UInt8(ascii: "{") ? "object" : "list"
    let place = JSONError.place(of: start, in: bytes)
    return JSONError(
      "the file ends inside the \(kind) that begins at \(place); was it cut off?", at: offset, in: bytes)
  }
}
