extension TemplateFilters {
  static func length(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    switch value {
    case .undefined: return .integer(0)
    case .text(let text): return .integer(text.units.count)
    case .list(let list): return .integer(list.elements.count)
    case .mapping(let mapping): return .integer(mapping.keys.count)
    case .loop(let loop): return .integer(try loop.length())
    default: throw run.fault("\(value.kind) has no length")
    }
  }

  static func list(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    return try run.list(try run.elements(of: value))
  }

  static func first(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    let missing = TemplateValue.undefined("the first item of nothing is undefined")
    if case .generator(let generator) = value { return generator.next() ?? missing }
    return try run.elements(of: value).first ?? missing
  }

  static func last(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    if case .generator = value {
      throw run.fault("a generator has no last item; make a list of it by the filter \"list\"")
    }
    return try run.elements(of: value).last ?? .undefined("the last item of nothing is undefined")
  }

  static func items(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    if value.isUndefined { return try run.generator([]) }
    guard case .mapping(let mapping) = value else { throw run.fault("items takes a mapping, not \(value.kind)") }
    return try run.generator(mapping.pairs)
  }

  static func join(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["d", "attribute"], run)
    let separator = try run.string(given[0] ?? .text("")).units
    var units: [UInt32] = []
    for (place, element) in try run.elements(of: value).enumerated() {
      let element = try run.attribute(given[1], of: element)
      if place > 0 { units += separator }
      units += try run.string(element).units
      try run.charge(separator.count + 1)
    }
    return try run.text(units)
  }

  static func reverse(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    if case .text(let text) = value { return try run.text(text.units.reversed()) }
    let elements = try run.elements(of: value)
    if case .generator = value { return try run.list(elements.reversed()) }
    return try run.generator(elements.reversed())
  }

  static func batch(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["linecount", "fill_with"], run)
    guard let count = given[0]?.integer, count > 0 else { throw run.fault("batch takes a count from 1") }
    let elements = try run.elements(of: value)
    var rows: [TemplateValue] = []
    for start in stride(from: 0, to: elements.count, by: count) {
      var row = Array(elements[start..<Swift.min(start + count, elements.count)])
      if let filler = given[1], !filler.isNone {
        try run.charge(8 * (count - row.count))
        while row.count < count { row.append(filler) }
      }
      rows.append(try run.list(row))
    }
    return try run.generator(rows)
  }

  static func sum(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["attribute", "start"], run)
    var sum = given[1] ?? .integer(0)
    if case .text = sum { throw run.fault("sum adds no strings; the filter \"join\" does") }
    for element in try run.elements(of: value) {
      sum = try run.arithmetic(sum, .add, try run.attribute(given[0], of: element))
    }
    return sum
  }

  static func map(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    guard value.isTrue else { return try run.generator([]) }
    var mapped: [TemplateValue] = []
    if let first = arguments.positional.first {
      guard case .text(let name) = first else { throw run.fault("map takes the name of a filter") }
      let rest = TemplateArguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named)
      for element in try run.elements(of: value) { mapped.append(try run.filter(name.string, element, rest)) }
    } else {
      let given = try arguments.bound(["attribute", "default"], run)
      guard given[0] != nil else { throw run.fault("map takes the name of a filter, or an attribute") }
      for element in try run.elements(of: value) {
        mapped.append(try run.attribute(given[0], of: element, default: given[1]))
      }
    }
    return try run.generator(mapped)
  }

  static func select(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try run.selected(value, arguments, byAttribute: false, wanted: true)
  }

  static func reject(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try run.selected(value, arguments, byAttribute: false, wanted: false)
  }

  static func selectattr(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try run.selected(value, arguments, byAttribute: true, wanted: true)
  }

  static func rejectattr(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try run.selected(value, arguments, byAttribute: true, wanted: false)
  }
}

extension TemplateRun {
  fileprivate func selected(
    _ value: TemplateValue, _ arguments: TemplateArguments, byAttribute: Bool, wanted: Bool
  ) throws(TokenizerError) -> TemplateValue {
    guard value.isTrue else { return try generator([]) }
    var rest = arguments.positional[...]
    var attribute: TemplateValue?
    if byAttribute {
      attribute = rest.popFirst()
      guard attribute != nil else { throw fault("an attribute is needed to select by") }
    }
    let name = rest.popFirst()
    let given = TemplateArguments(positional: Array(rest), named: arguments.named)
    var selected: [TemplateValue] = []
    for element in try elements(of: value) {
      let tested = try self.attribute(attribute, of: element)
      let holds: Bool
      switch name {
      case nil: holds = tested.isTrue
      case .text(let name)?: holds = try test(name.string, tested, given)
      default: throw fault("the name of a test is a string")
      }
      if holds == wanted { selected.append(element) }
    }
    return try generator(selected)
  }

  /// The attribute of a path such as `function.name`, in which numbers are places; the value itself without a path.
  func attribute(
    _ path: TemplateValue?, of value: TemplateValue, default fallback: TemplateValue? = nil
  ) throws(TokenizerError) -> TemplateValue {
    guard let path, !path.isNone else { return value }
    guard case .text(let text) = path else { return try element(path, of: value) }
    var found = value
    for part in text.units.split(separator: 0x2E, omittingEmptySubsequences: false) {
      try charge(part.count)
      let name = TemplateText(units: part.map(\.value))
      let place = name.string.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(name.string) : nil
      found = try element(place.map { .integer($0) } ?? .text(name), of: found)
      if found.isUndefined, let fallback, !fallback.isNone { found = fallback }
    }
    return found
  }
}

extension TemplateMapping {
  /// Keys with their values, as tuples.
  var pairs: [TemplateValue] { zip(keys, values).map { .list(TemplateList([$0, $1], .tuple)) } }
}
