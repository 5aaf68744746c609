import JSONText

/// The functions that every template has; a new one is a row.
enum TemplateFunctions {
  typealias Function = @Sendable (TemplateArguments, TemplateRun) throws(TokenizerError) -> TemplateValue

  static let table: [String: Function] = [
    "dict": dict, "namespace": namespace, "raise_exception": raiseException, "range": range,
    "strftime_now": strftimeNow,
  ]

  private static func range(
    _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    guard arguments.named.isEmpty, (1...3).contains(arguments.positional.count) else {
      throw run.fault("range takes one to three integers")
    }
    var numbers: [Int] = []
    for value in arguments.positional {
      guard let integer = value.integer else { throw run.fault("range takes integers, not \(value.kind)") }
      numbers.append(integer)
    }
    let (start, end) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
    let step = numbers.count == 3 ? numbers[2] : 1
    guard step != 0 else { throw run.fault("the step of a range is 0") }
    // Differences of integers of 64 bits need one bit more; so do counts.
    let (distance, overflows) = end.subtractingReportingOverflow(start)
    guard step > 0 ? end > start : end < start else {
      return try run.list([], .range(start: start, end: end, step: step))
    }
    let count = overflows ? UInt.max : (distance.magnitude - 1) / step.magnitude + 1
    guard count <= TemplateLimits.range else {
      throw run.fault("a range has more than \(TemplateLimits.range) elements")
    }
    let elements = (0..<Int(count)).map { TemplateValue.integer(start &+ $0 &* step) }
    return try run.list(elements, .range(start: start, end: end, step: step))
  }

  private static func mapping(
    _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateMapping {
    var mapping = TemplateMapping()
    switch arguments.positional.first {
    case nil: break
    case .mapping(let given)?: mapping = given
    case let pairs?:
      for pair in try run.elements(of: pairs) {
        let pair = try run.elements(of: pair)
        guard pair.count == 2 else { throw run.fault("a mapping is made of pairs of a key and a value") }
        mapping.set(pair[0], try run.key(pair[0]), pair[1])
      }
    }
    guard arguments.positional.count <= 1 else { throw run.fault("a mapping is made of one value, and of names") }
    try run.charge(16 * (mapping.keys.count + arguments.named.count))
    for argument in arguments.named {
      mapping.set(.text(argument.name), .text(TemplateText(argument.name)), argument.value)
    }
    return mapping
  }

  private static func dict(
    _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try run.checked(.mapping(try mapping(arguments, run)))
  }

  private static func namespace(
    _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let attributes = try mapping(arguments, run)
    _ = try run.checked(.mapping(attributes))
    for case .text(let name) in attributes.keys where name.units.first?.isCharacter("_") == true {
      throw run.fault("the attribute \"\(name.string.oneLine(limit: 48))\" of a namespace is not allowed")
    }
    return run.namespace(attributes)
  }

  private static func raiseException(
    _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let message = try arguments.only("message", run) ?? .undefined("")
    throw .refusedByTemplate(try run.string(message).string)
  }

  private static func strftimeNow(
    _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    guard case .text(let format)? = try arguments.only("format", run) else {
      throw run.fault("strftime_now takes a format, such as \"%d %b %Y\"")
    }
    guard let text = run.moment.text(format) else {
      throw run.fault(
        "the format \"\(format.string.oneLine(limit: 48))\" of strftime_now holds a letter that is not supported; supported: "
          + ChatTemplate.Moment.letters)
    }
    return try run.text(text.units)
  }
}
