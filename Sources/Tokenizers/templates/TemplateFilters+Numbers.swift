extension TemplateFilters {
  static func abs(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    if case .float(let number) = value { return .float(number.magnitude) }
    guard let integer = value.integer else { throw run.fault("abs takes a number, not \(value.kind)") }
    return integer < 0 ? try run.negative(value) : .integer(integer)
  }

  static func float(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let fallback = try arguments.only("default", run) ?? .float(0)
    if let number = value.number { return .float(number) }
    if case .undefined(let reason) = value { throw run.fault("\(reason), and float needs its value") }
    guard case .text(let text) = value, let number = text.number else { return fallback }
    return .float(number)
  }

  static func int(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["default", "base"], run)
    let fallback = given[0] ?? .integer(0)
    if let integer = value.integer { return .integer(integer) }
    let number: Double?
    switch value {
    case .float(let float):
      guard !float.isInfinite else { throw run.fault("infinity is no integer") }
      number = float
    case .text(let text):
      guard let base = (given[1] ?? .integer(10)).integer, base == 10 else {
        throw run.fault("int is supported for base 10 alone")
      }
      let digits = text.stripped(of: nil).withoutSeparators
      if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D }) {
        if let integer = Int(digits) { return .integer(integer) }
        guard digits.utf8.count < 19 else { throw run.fault("an integer goes beyond 64 bits, which is not supported") }
      }
      number = text.number
    case .undefined(let reason): throw run.fault("\(reason), and int needs its value")
    default: number = nil
    }
    guard let number, number.isFinite else { return fallback }
    guard let integer = Int(exactly: number.rounded(.towardZero)) else {
      throw run.fault("an integer goes beyond 64 bits, which is not supported")
    }
    return .integer(integer)
  }

  static func round(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["precision", "method"], run)
    guard let number = value.number else { throw run.fault("round takes a number, not \(value.kind)") }
    guard let precision = (given[0] ?? .integer(0)).integer, precision == 0 else {
      throw run.fault("round is supported to whole numbers alone")
    }
    switch given[1].map({ (value) -> String? in if case .text(let text) = value { text.string } else { nil } }) {
    case nil, "common"?:
      if let integer = value.integer { return .integer(integer) }
      return .float(number.rounded(.toNearestOrEven))
    // Python's floor is an integer, which is then divided by 1.
    case "ceil"?: return .float(number.rounded(.up) + 0)
    case "floor"?: return .float(number.rounded(.down) + 0)
    default: throw run.fault("the method of round is \"common\", \"ceil\" or \"floor\"")
    }
  }
}

extension TemplateText {
  /// The text without underscores between digits, which Python allows there.
  fileprivate var withoutSeparators: String {
    func isDigit(_ place: Int) -> Bool { units.indices.contains(place) && (0x30...0x39).contains(units[place].value) }
    let kept = units.indices.filter { !(units[$0].isCharacter("_") && isDigit($0 - 1) && isDigit($0 + 1)) }
    return TemplateText(units: kept.map { units[$0] }).string
  }

  /// The number that the text writes, as Python's `float` reads it.
  fileprivate var number: Double? {
    let text = stripped(of: nil).withoutSeparators
    let isWritten = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    if isWritten { return Double(text) }
    let name = text.lowercased()
    let sign = name.first == "-" ? -1.0 : 1
    switch name.drop(while: { $0 == "-" || $0 == "+" }) {
    case "inf", "infinity": return sign * .infinity
    case "nan": return .nan
    default: return nil
    }
  }
}
