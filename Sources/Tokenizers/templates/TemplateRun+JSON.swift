extension TemplateRun {
  /// How `tojson` writes.
  struct JSONForm {
    /// The indentation of a level; nil where all stands in one line.
    var indent: [UInt32]?
    var itemSeparator: [UInt32]
    var keySeparator: [UInt32]
    var sortsKeys = false
    var isASCII = false
  }

  /// The value as Python's `json.dumps` writes it.
  func json(
    _ value: TemplateValue, _ form: JSONForm, level: Int = 0, into units: inout [UInt32]
  ) throws(TokenizerError) {
    try charge(4)
    switch value {
    case .none: units.append("null")
    case .boolean(let value): units.append(value ? "true" : "false")
    case .integer(let value): units.append(String(value))
    case .float(let value): units.append(value.jsonText)
    case .text(let text): try json(text, form, into: &units)
    case .list(let list) where list.kind == .list || list.kind == .tuple:
      guard !list.elements.isEmpty else { return units.append("[]") }
      units.append("[")
      for (place, element) in list.elements.enumerated() {
        try separate(place, form, level + 1, into: &units)
        try json(element, form, level: level + 1, into: &units)
      }
      try breakLine(form, level, into: &units)
      units.append("]")
    case .mapping(let mapping): try json(mapping, form, level: level, into: &units)
    default: throw fault("\(value.kind) is no JSON")
    }
  }

  private func json(
    _ mapping: TemplateMapping, _ form: JSONForm, level: Int, into units: inout [UInt32]
  ) throws(TokenizerError) {
    guard !mapping.keys.isEmpty else { return units.append("{}") }
    var keys = mapping.keys
    if form.sortsKeys { keys = try sorted(keys.map { ($0, $0) }) }
    units.append("{")
    for (place, key) in keys.enumerated() {
      try separate(place, form, level + 1, into: &units)
      try json(try name(of: key), form, into: &units)
      units += form.keySeparator
      guard let value = mapping[try self.key(key)] else { continue }
      try json(value, form, level: level + 1, into: &units)
    }
    try breakLine(form, level, into: &units)
    units.append("}")
  }

  private func name(of key: TemplateValue) throws(TokenizerError) -> TemplateText {
    switch key {
    case .text(let text): text
    case .none: TemplateText("null")
    case .boolean(let value): TemplateText(value ? "true" : "false")
    case .integer(let value): TemplateText(String(value))
    case .float(let value): TemplateText(value.jsonText)
    default: throw fault("\(key.kind) is no name in JSON")
    }
  }

  private func separate(
    _ place: Int, _ form: JSONForm, _ level: Int, into units: inout [UInt32]
  ) throws(TokenizerError) {
    if place > 0 { units += form.itemSeparator }
    try breakLine(form, level, into: &units)
  }

  private func breakLine(_ form: JSONForm, _ level: Int, into units: inout [UInt32]) throws(TokenizerError) {
    guard let indent = form.indent else { return }
    units.append(0x0A)
    try charge(indent.count * level)
    for _ in 0..<level { units += indent }
  }

  private static let escapes: [UInt32: String] = [
    0x22: "\\\"", 0x5C: "\\\\", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x08: "\\b", 0x0C: "\\f",
  ]

  private func json(_ text: TemplateText, _ form: JSONForm, into units: inout [UInt32]) throws(TokenizerError) {
    try charge(text.units.count)
    units.append(0x22)
    for unit in text.units {
      let mark = unit & TemplateText.contentBit
      if let escape = Self.escapes[unit.value] {
        units.append(escape, mark: mark)
      } else if unit.value < 0x20 || form.isASCII && unit.value > 0x7E {
        for code in String(unit.scalar).utf16 {
          let digits = String(code, radix: 16)
          units.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits, mark: mark)
        }
      } else {
        units.append(unit)
      }
    }
    units.append(0x22)
  }
}

extension Double {
  fileprivate var jsonText: String { isFinite ? pythonText : isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
}
