import JSONText

extension TemplateRun {
  /// `format % value`, with the letters s, r, d, i, x, X, o, f and %, and widths.
  func formatted(_ format: TemplateText, _ value: TemplateValue) throws(TokenizerError) -> TemplateValue {
    var values: [TemplateValue] = [value]
    var isTuple = false
    if case .list(let list) = value, list.kind == .tuple { (values, isTuple) = (list.elements, true) }
    var rest = values[...]
    var units: [UInt32] = []
    var format = format.units[...]
    while let unit = format.popFirst() {
      guard unit.isCharacter("%") else {
        units.append(unit)
        continue
      }
      if format.first?.isCharacter("%") == true {
        format.removeFirst()
        units.append(0x25)
        continue
      }
      var field = try Field(&format, self)
      if let name = field.name {
        guard case .mapping(let mapping) = value, let named = mapping[.text(name)] else {
          throw fault("the format names \"\(name.string.oneLine(limit: 48))\", which is not given")
        }
        field.value = named
        rest = []
      } else {
        guard let next = rest.popFirst() else { throw fault("the format takes more values than are given") }
        field.value = next
      }
      units += try written(field)
    }
    if !rest.isEmpty {
      // Python takes a list for a mapping here, of which not all need be used, and what is undefined too.
      let isMapping =
        switch value {
        case .mapping, .list, .undefined: !isTuple
        default: false
        }
      if !isMapping { throw fault("the format takes fewer values than are given") }
    }
    return try text(units)
  }

  /// A place in a format.
  private struct Field {
    var name: TemplateText?
    var value = TemplateValue.none
    var isLeft = false
    var padsZeros = false
    var width = 0
    var letter: UInt32 = 0

    init(_ format: inout ArraySlice<UInt32>, _ run: TemplateRun) throws(TokenizerError) {
      if format.first?.isCharacter("(") == true, let end = format.firstIndex(where: { $0.isCharacter(")") }) {
        name = TemplateText(units: format[format.startIndex + 1..<end])
        format = format[(end + 1)...]
      }
      while let unit = format.first {
        if unit.isCharacter("-") { isLeft = true } else if unit.isCharacter("0") { padsZeros = true } else { break }
        format.removeFirst()
      }
      while let digit = format.first?.value, (0x30...0x39).contains(digit), width < 100_000 {
        width = 10 * width + Int(digit - 0x30)
        format.removeFirst()
      }
      guard let letter = format.popFirst() else { throw run.fault("the format ends within a %") }
      self.letter = letter.value
    }
  }

  private func written(_ field: Field) throws(TokenizerError) -> [UInt32] {
    var units: [UInt32]
    var isNumber = true
    switch Character(field.letter.scalar) {
    case "s": (units, isNumber) = (try string(field.value).units, false)
    case "r": (units, isNumber) = (try representation(field.value).units, false)
    case "d", "i":
      var number = field.value.integer
      if case .float(let value) = field.value { number = Int(exactly: value.rounded(.towardZero)) }
      guard let number else { throw fault("%d is for a number, not for \(field.value.kind)") }
      units = TemplateText(String(number)).units
    case "x", "X":
      guard let number = field.value.integer else { throw fault("%x is for an integer, not for \(field.value.kind)") }
      units = TemplateText(String(number, radix: 16, uppercase: field.letter == 0x58)).units
    default:
      let letter = TemplateText(units: [field.letter]).string.oneLine()
      throw fault("the format \"%\(letter)\" is not supported; s, r, d, i, x and X are")
    }
    let count = max(0, field.width - units.count)
    try charge(count)
    if field.isLeft { return units + [UInt32](repeating: 0x20, count: count) }
    if field.padsZeros, isNumber {
      let sign = units.prefix(units.first == 0x2D ? 1 : 0)
      units = sign + [UInt32](repeating: 0x30, count: count) + units.dropFirst(sign.count)
      return units
    }
    return [UInt32](repeating: 0x20, count: count) + units
  }

  /// `format.format(…)`: {}, {0} and {name}, without what Python allows behind a colon, a point or an exclamation mark.
  func formatted(_ format: TemplateText, fields arguments: TemplateArguments) throws(TokenizerError) -> TemplateValue {
    var units: [UInt32] = []
    var rest = format.units[...]
    var nextPlace = 0
    while let unit = rest.popFirst() {
      let isOpen = unit.isCharacter("{")
      guard isOpen || unit.isCharacter("}") else {
        units.append(unit)
        continue
      }
      if rest.first?.value == unit.value {
        units.append(unit)
        rest.removeFirst()
        continue
      }
      guard isOpen, let end = rest.firstIndex(where: { $0.isCharacter("}") }) else {
        throw fault("a brace in a format is not closed; write it twice to have it once")
      }
      let name = TemplateText(units: rest[..<end]).string
      rest = rest[(end + 1)...]
      let value: TemplateValue?
      if name.isEmpty {
        value = nextPlace < arguments.positional.count ? arguments.positional[nextPlace] : nil
        nextPlace += 1
      } else if name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        value = Int(name).flatMap { arguments.positional.indices.contains($0) ? arguments.positional[$0] : nil }
      } else {
        guard !name.contains(where: { ":!.[]{".contains($0) }) else {
          throw fault("the field \"\(name.oneLine(limit: 48))\" of a format is not supported; {}, {0} and {name} are")
        }
        value = arguments.named.first { $0.name == name }?.value
      }
      guard let value else { throw fault("the format takes \"\(name.oneLine(limit: 48))\", which is not given") }
      units += try string(value).units
    }
    return try text(units)
  }
}
