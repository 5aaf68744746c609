extension TemplateFilters {
  static func capitalize(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    return try run.text(try run.string(value).capitalized.units)
  }

  static func format(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let text = try run.string(value)
    if arguments.named.isEmpty { return try run.formatted(text, try run.list(arguments.positional, .tuple)) }
    guard arguments.positional.isEmpty else { throw run.fault("format takes values by place or by name, not both") }
    return try run.formatted(text, .mapping(TemplateMapping(arguments.named)))
  }

  static func indent(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["width", "first", "blank"], run)
    guard case .text(let text) = value else { throw run.fault("indent takes a string, not \(value.kind)") }
    let indentation: [UInt32]
    switch given[0] {
    case .text(let text)?: indentation = text.units
    case let width:
      guard let count = (width ?? .integer(4)).integer else { throw run.fault("the width of indent is a number") }
      try run.charge(Swift.max(0, count))
      indentation = [UInt32](repeating: 0x20, count: Swift.max(0, count))
    }
    let indentsBlank = given[2]?.isTrue == true
    // The line feed at the end makes a last line of an end, as Jinja has it.
    let lines = TemplateText(units: text.units + [0x0A]).lines(keepingEnds: false)
    var units = given[1]?.isTrue == true ? indentation : []
    for (place, line) in lines.enumerated() {
      if place > 0 {
        units.append(0x0A)
        if indentsBlank || !line.units.isEmpty {
          try run.charge(indentation.count)
          units += indentation
        }
      }
      units += line.units
    }
    return try run.text(units)
  }

  static func lower(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    return try run.text(try run.string(value).lowercased.units)
  }

  static func upper(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    return try run.text(try run.string(value).uppercased.units)
  }

  static func replace(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["old", "new", "count"], run)
    guard let old = given[0], let new = given[1] else { throw run.fault("replace takes two strings") }
    let count = given[2].map { $0.isNone ? nil : $0.integer } ?? nil
    return .text(
      try run.replacing(try run.string(old), with: try run.string(new), in: try run.string(value), most: count))
  }

  static func string(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    return .text(try run.string(value))
  }

  static func title(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    let text = try run.string(value)
    var units: [UInt32] = []
    // Words begin behind white space and opening brackets.
    var start = 0
    for (place, unit) in text.units.enumerated() {
      guard unit.isWhite || "-({[<".unicodeScalars.contains(unit.scalar) else { continue }
      units += TemplateText(units: text.units[start..<place]).withUpperFirst.units
      units.append(unit)
      start = place + 1
    }
    units += TemplateText(units: text.units[start...]).withUpperFirst.units
    return try run.text(units)
  }

  static func trim(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let characters = try run.characters(try arguments.only("chars", run))
    return try run.text(try run.string(value).stripped(of: characters).units)
  }

  static func wordcount(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    // Runs of letters, digits and connectors.
    var count = 0
    var isWord = false
    for unit in try run.string(value).units {
      let belongs =
        unit.scalar.properties.isAlphabetic || unit.scalar.properties.numericType != nil || unit.value == 0x5F
      if belongs, !isWord { count += 1 }
      isWord = belongs
    }
    return .integer(count)
  }

  static func tojson(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["ensure_ascii", "indent", "separators", "sort_keys"], run)
    var indent: [UInt32]?
    switch given[1] {
    case nil, .some(.none): break
    case .text(let text)?: indent = text.units
    case let width?:
      guard let count = width.integer else { throw run.fault("the indent of tojson is a number or a string") }
      try run.charge(Swift.max(0, count))
      indent = [UInt32](repeating: 0x20, count: Swift.max(0, count))
    }
    var form = TemplateRun.JSONForm(
      indent: indent, itemSeparator: indent == nil ? [0x2C, 0x20] : [0x2C], keySeparator: [0x3A, 0x20])
    if let separators = given[2], !separators.isNone {
      let parts = try run.elements(of: separators)
      guard parts.count == 2, case .text(let item) = parts[0], case .text(let key) = parts[1] else {
        throw run.fault("the separators of tojson are two strings")
      }
      (form.itemSeparator, form.keySeparator) = (item.units, key.units)
    }
    form.isASCII = given[0]?.isTrue == true
    form.sortsKeys = given[3]?.isTrue == true
    var units: [UInt32] = []
    try run.json(value, form, into: &units)
    return try run.text(units)
  }
}
