extension TemplateLexer {
  private static let escapes: [UInt32: UInt32] = [
    0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22, 0x61: 7, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9, 0x76: 11,
  ]

  /// Reads a string with Python's escapes; an unknown one stays as it is.
  mutating func readString(quote: UInt32) throws(TokenizerError) {
    let begin = offset
    offset += 1
    var units: [UInt32] = []
    while offset < source.scalars.count, source.scalars[offset] != quote {
      guard source.scalars[offset] == 0x5C else {
        units.append(source.scalars[offset])
        offset += 1
        continue
      }
      guard offset + 1 < source.scalars.count else { break }
      let escaped = source.scalars[offset + 1]
      if escaped == 0x0A {
        offset += 2
      } else if let unit = Self.escapes[escaped] {
        units.append(unit)
        offset += 2
      } else if (0x30...0x37).contains(escaped) {
        units.append(try number(from: offset + 1, radix: 8, most: 3, exactly: false))
      } else if let length = [0x78: 2, 0x75: 4, 0x55: 8][escaped] {
        units.append(try number(from: offset + 2, radix: 16, most: length, exactly: true))
      } else if escaped == 0x4E {
        throw source.fault(at: offset, "characters by name (\\N) are not supported; write the character itself")
      } else {
        units += [0x5C, escaped]
        offset += 2
      }
    }
    guard offset < source.scalars.count else {
      throw source.fault(at: begin, "the string that begins here does not end")
    }
    offset += 1
    tokens.append(TemplateToken(kind: .text(TemplateText(units: units)), offset: begin))
  }

  private mutating func number(
    from start: Int, radix: Int, most: Int, exactly: Bool
  ) throws(TokenizerError) -> UInt32 {
    var value: UInt32 = 0
    var end = start
    while end < source.scalars.count, end < start + most,
      let digit = Character(source.scalars[end].scalar).hexDigitValue, source.scalars[end] < 0x80, digit < radix
    {
      value = value << (radix == 8 ? 3 : 4) | UInt32(digit)
      end += 1
    }
    guard !exactly || end == start + most, Unicode.Scalar(value) != nil else {
      throw source.fault(at: offset, "the escape that begins here is no character")
    }
    offset = end
    return value
  }
}
