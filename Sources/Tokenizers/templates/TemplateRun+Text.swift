extension TemplateRun {
  /// The text of a value: Python's `str`.
  func string(_ value: TemplateValue) throws(TokenizerError) -> TemplateText {
    switch value {
    case .text(let text): text
    case .undefined: TemplateText(units: [])
    default: try representation(value)
    }
  }

  /// The text of a value within a list: Python's `repr`.
  func representation(_ value: TemplateValue) throws(TokenizerError) -> TemplateText {
    var units: [UInt32] = []
    try represent(value, into: &units)
    return TemplateText(units: units)
  }

  private func represent(_ value: TemplateValue, into units: inout [UInt32]) throws(TokenizerError) {
    try charge(4)
    switch value {
    case .undefined: units.append("Undefined")
    case .none: units.append("None")
    case .boolean(let value): units.append(value ? "True" : "False")
    case .integer(let value): units.append(String(value))
    case .float(let value): units.append(value.pythonText)
    case .text(let text): try represent(text, into: &units)
    case .list(let list): try represent(list, into: &units)
    case .mapping(let mapping): try represent(mapping, into: &units)
    case .namespace(let namespace):
      units.append("<Namespace ")
      var inner: [UInt32] = []
      try deeper { () throws(TokenizerError) in try represent(namespace.attributes, into: &inner) }
      units += inner
      units.append(">")
    case .loop(let loop): units.append("<LoopContext \(loop.index + 1)/\(try loop.length())>")
    case .generator, .macro, .function, .method:
      throw fault(
        "\(value.kind) is written, which has no text"
          + (value.kind == "a generator" ? "; make a list of it by the filter \"list\"" : ""))
    }
  }

  private func represent(_ list: TemplateList, into units: inout [UInt32]) throws(TokenizerError) {
    var end = "]"
    switch list.kind {
    case .list: units.append("[")
    case .tuple:
      units.append("(")
      end = list.elements.count == 1 ? ",)" : ")"
    case .range(let start, let stop, let step):
      return units.append(step == 1 ? "range(\(start), \(stop))" : "range(\(start), \(stop), \(step))")
    case .view(let name):
      units.append("\(name)([")
      end = "])"
    }
    for (place, element) in list.elements.enumerated() {
      if place > 0 { units.append(", ") }
      try represent(element, into: &units)
    }
    units.append(end)
  }

  private func represent(_ mapping: TemplateMapping, into units: inout [UInt32]) throws(TokenizerError) {
    units.append("{")
    for (place, (key, value)) in zip(mapping.keys, mapping.values).enumerated() {
      if place > 0 { units.append(", ") }
      try represent(key, into: &units)
      units.append(": ")
      try represent(value, into: &units)
    }
    units.append("}")
  }

  private static let escapes: [UInt32: String] = [0x5C: "\\\\", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"]

  private func represent(_ text: TemplateText, into units: inout [UInt32]) throws(TokenizerError) {
    try charge(text.units.count)
    let hasSingle = text.units.contains { $0.isCharacter("'") }
    let quote: UInt32 = hasSingle && !text.units.contains { $0.isCharacter("\"") } ? 0x22 : 0x27
    units.append(quote)
    for unit in text.units {
      let mark = unit & TemplateText.contentBit
      if let escape = Self.escapes[unit.value] {
        units.append(escape, mark: mark)
      } else if unit.value == quote {
        units.append("\\'", mark: mark)
      } else if unit.scalar.isPrintable {
        units.append(unit)
      } else {
        let digits = String(unit.value, radix: 16)
        let (letter, width) = unit.value < 0x100 ? ("x", 2) : unit.value < 0x10000 ? ("u", 4) : ("U", 8)
        units.append("\\" + letter + String(repeating: "0", count: width - digits.count) + digits, mark: mark)
      }
    }
    units.append(quote)
  }
}

extension [UInt32] {
  /// Adds a text's scalars, with a mark.
  mutating func append(_ text: String, mark: UInt32 = 0) {
    for scalar in text.unicodeScalars { append(scalar.value | mark) }
  }
}

extension Unicode.Scalar {
  /// Whether Python writes the character as it is within quotes.
  fileprivate var isPrintable: Bool {
    if value == 0x20 { return true }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }
}

extension Double {
  /// The number as Python writes it: as few digits as identify it, with an exponent below 1e-4 and from 1e16 on.
  var pythonText: String {
    guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
    let parts = magnitude.description.split(separator: "e", maxSplits: 1)
    let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let (whole, fraction) = (mantissa[0], mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : "")
    // The digits without zeros at either end, and how many of them stand before the point.
    let all = String(whole + fraction)
    let leading = all.prefix { $0 == "0" }.count
    var digits = String(all.dropFirst(leading))
    while digits.last == "0" { digits.removeLast() }
    let point = whole.count - leading + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let sign = self.sign == .minus ? "-" : ""
    if digits.isEmpty { return sign + "0.0" }
    if point > 16 || point < -3 {
      let exponent = point - 1
      let rest = digits.count > 1 ? "." + digits.dropFirst() : ""
      let text = String(exponent.magnitude)
      return "\(sign)\(digits.prefix(1))\(rest)e\(exponent < 0 ? "-" : "+")\(text.count < 2 ? "0" : "")\(text)"
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if digits.count <= point { return sign + digits + String(repeating: "0", count: point - digits.count) + ".0" }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }
}
