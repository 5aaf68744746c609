import JSONText

extension TemplateLexer {
  private static let signs = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".",
    ":", "|", ",", ";",
  ]

  /// Reads the tokens of a tag, and its end.
  mutating func readTag(isOutput: Bool, from start: Int) throws(TokenizerError) {
    var open: [String] = []
    while offset < source.scalars.count {
      if open.isEmpty, readEnd(isOutput: isOutput) { return }
      let scalar = source.scalars[offset]
      if scalar.isWhite {
        offset = source.endOfWhite(from: offset)
      } else if (0x30...0x39).contains(scalar) {
        try readNumber()
      } else if isNameScalar(scalar) {
        let begin = offset
        while offset < source.scalars.count, isNameScalar(source.scalars[offset]) { offset += 1 }
        append(.name(TemplateText(units: source.scalars[begin..<offset]).string), from: begin)
      } else if scalar == 0x27 || scalar == 0x22 {
        try readString(quote: scalar)
      } else if let sign = Self.signs.first(where: { source.has($0, at: offset) }) {
        try balance(sign, &open)
        append(.sign(sign), from: offset)
        offset += sign.utf8.count
      } else {
        let text = TemplateText(units: [scalar]).string.oneLine()
        throw source.fault(at: offset, "\"\(text)\" means nothing in a tag")
      }
    }
    throw source.fault(at: start, "the tag that begins here does not end; close it by \(isOutput ? "}}" : "%}")")
  }

  private mutating func append(_ kind: TemplateToken.Kind, from offset: Int) {
    tokens.append(TemplateToken(kind: kind, offset: offset))
  }

  private func isNameScalar(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 {
      return scalar == 0x5F || (0x30...0x39).contains(scalar) || (0x41...0x5A).contains(scalar & ~0x20)
    }
    return scalar.scalar.properties.isXIDContinue
  }

  private mutating func readEnd(isOutput: Bool) -> Bool {
    let begin = offset
    if isOutput {
      let hasSign = source.has("-}}", at: offset)
      guard hasSign || source.has("}}", at: offset) else { return false }
      offset += hasSign ? 3 : 2
      if hasSign { offset = source.endOfWhite(from: offset) }
      isLineStart = source.scalars[offset - 1] == 0x0A
      append(.outputEnd, from: begin)
    } else {
      let hasSign = source.has("-%}", at: offset) || source.has("+%}", at: offset)
      guard hasSign || source.has("%}", at: offset) else { return false }
      let sign = hasSign ? source.scalars[offset] : 0
      offset += hasSign ? 3 : 2
      skipAfterStatement(sign)
      append(.statementEnd, from: begin)
    }
    return true
  }

  /// Within brackets a tag does not end: `{{ {"a": {}} }}`.
  private func balance(_ sign: String, _ open: inout [String]) throws(TokenizerError) {
    switch sign {
    case "{": open.append("}")
    case "(": open.append(")")
    case "[": open.append("]")
    case "}", ")", "]":
      guard let expected = open.popLast() else {
        throw source.fault(at: offset, "\"\(sign)\" closes what nothing opens")
      }
      guard expected == sign else {
        throw source.fault(at: offset, "\"\(sign)\" stands where \"\(expected)\" must close a bracket")
      }
    default: break
    }
  }

  private mutating func readNumber() throws(TokenizerError) {
    let begin = offset
    let previous = begin > 0 ? source.scalars[begin - 1] : 0
    if let end = floatEnd(from: begin), previous != 0x2E {
      offset = end
      let text = digits(begin..<end)
      guard let value = Double(text) else { throw source.fault(at: begin, "\(text.oneLine()) is no number") }
      return append(.float(value), from: begin)
    }
    let next = begin + 1 < source.scalars.count ? source.scalars[begin + 1] | 0x20 : 0
    let radixes: [UInt32: Int] = [0x62: 2, 0x6F: 8, 0x78: 16]
    var (start, radix) = (begin, 10)
    if source.scalars[begin] == 0x30, let other = radixes[next] { (start, radix) = (begin + 2, other) }
    var end = start
    while end < source.scalars.count, source.scalars[end] == 0x5F || isDigit(source.scalars[end], radix) { end += 1 }
    let text = digits(start..<end)
    guard !text.isEmpty, let value = Int(text, radix: radix), radix != 10 || text.first != "0" || value == 0 else {
      throw source.fault(at: begin, "the number that begins here is malformed, or beyond 64 bits")
    }
    offset = end
    append(.integer(value), from: begin)
  }

  private func isDigit(_ scalar: UInt32, _ radix: Int) -> Bool {
    (0x30..<0x30 + UInt32(min(radix, 10))).contains(scalar) || radix == 16 && (0x61...0x66).contains(scalar | 0x20)
  }

  private func digits(_ range: Range<Int>) -> String {
    TemplateText(units: source.scalars[range].filter { $0 != 0x5F }).string
  }

  /// The end of digits from a place on; the place itself where there are none.
  private func decimalEnd(from start: Int) -> Int {
    var end = start
    while end < source.scalars.count, isDigit(source.scalars[end], 10) || source.scalars[end] == 0x5F { end += 1 }
    while end > start, source.scalars[end - 1] == 0x5F { end -= 1 }
    return end
  }

  private func floatEnd(from start: Int) -> Int? {
    var end = decimalEnd(from: start)
    var isFloat = false
    if source.has(".", at: end), decimalEnd(from: end + 1) > end + 1, source.scalars[end + 1] != 0x5F {
      end = decimalEnd(from: end + 1)
      isFloat = true
    }
    if source.has("e", at: end) || source.has("E", at: end) {
      let digits = end + (source.has("+", at: end + 1) || source.has("-", at: end + 1) ? 2 : 1)
      if decimalEnd(from: digits) > digits, source.scalars[digits] != 0x5F {
        end = decimalEnd(from: digits)
        isFloat = true
      }
    }
    return isFloat ? end : nil
  }
}
