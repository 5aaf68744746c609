import JSONText

extension TemplateRun {
  /// The values that a value goes through: a list's, a text's characters, a mapping's keys.
  func elements(of value: TemplateValue) throws(TokenizerError) -> [TemplateValue] {
    switch value {
    case .undefined: return []
    case .list(let list): return list.elements
    case .mapping(let mapping): return mapping.keys
    case .generator(let generator): return generator.take()
    case .text(let text):
      try charge(8 * text.units.count)
      return text.units.map { .text(TemplateText(units: [$0])) }
    default: throw fault("\(value.kind) has no elements to go through")
    }
  }

  /// `value.name`: what the value can do, or else its element of that name.
  func attribute(_ name: String, of value: TemplateValue) throws(TokenizerError) -> TemplateValue {
    switch value {
    case .undefined(let reason): throw fault("\(reason), and its attribute \"\(name.oneLine(limit: 48))\" is asked for")
    case .namespace(let namespace): return namespace.attributes[name] ?? missing(name, value)
    case .loop(let loop): return try attribute(name, of: loop, value)
    default: break
    }
    if let method = try TemplateMethods.reference(name, of: value, self) { return method }
    if case .mapping(let mapping) = value, let element = mapping[name] { return element }
    return missing(name, value)
  }

  /// `value[place]`: an element, or else what the value can do.
  func element(_ place: TemplateValue, of value: TemplateValue) throws(TokenizerError) -> TemplateValue {
    if case .undefined(let reason) = value { throw fault("\(reason), and an element of it is asked for") }
    if case .mapping(let mapping) = value {
      if let key = place.key, let element = mapping[key] { return element }
    } else if let integer = place.integer {
      switch value {
      case .text(let text):
        let index = integer < 0 ? integer + text.units.count : integer
        if text.units.indices.contains(index) { return .text(TemplateText(units: [text.units[index]])) }
      case .list(let list):
        if case .view = list.kind { break }
        let index = integer < 0 ? integer + list.elements.count : integer
        if list.elements.indices.contains(index) { return list.elements[index] }
      default: break
      }
    }
    guard case .text(let name) = place else { return missing(try representation(place).string, value) }
    if case .mapping = value {
      return try TemplateMethods.reference(name.string, of: value, self) ?? missing(name.string, value)
    }
    return try attribute(name.string, of: value)
  }

  private func missing(_ name: String, _ value: TemplateValue) -> TemplateValue {
    .undefined("\"\(name.oneLine(limit: 48))\" of \(value.kind) is undefined")
  }

  private func attribute(
    _ name: String, of loop: TemplateLoop, _ value: TemplateValue
  ) throws(TokenizerError) -> TemplateValue {
    switch name {
    case "index": return .integer(loop.index + 1)
    case "index0": return .integer(loop.index)
    case "first": return .boolean(loop.index == 0)
    case "last": return .boolean(try loop.peek() == nil)
    case "length": return .integer(try loop.length())
    case "revindex": return .integer(try loop.length() - loop.index)
    case "revindex0": return .integer(try loop.length() - loop.index - 1)
    case "previtem": return loop.previous ?? .undefined("there is no previous item")
    case "nextitem": return try loop.peek() ?? .undefined("there is no next item")
    case "depth": return .integer(1)
    case "depth0": return .integer(0)
    case "cycle", "changed": return .method(TemplateMethodReference(value, name))
    default: return missing(name, value)
    }
  }

  /// `value[lower:upper:step]` of a text, a list or a tuple.
  func slice(
    of value: TemplateValue, _ lower: Int?, _ upper: Int?, _ step: Int?
  ) throws(TokenizerError) -> TemplateValue {
    switch value {
    case .text(let text):
      return try self.text(try indices(text.units.count, lower, upper, step).map { text.units[$0] })
    case .list(let list) where list.kind == .list || list.kind == .tuple:
      return try self.list(try indices(list.elements.count, lower, upper, step).map { list.elements[$0] }, list.kind)
    case .undefined(let reason): throw fault("\(reason), and a slice of it is asked for")
    default:
      if outputExpression?.isConstant == true { return .undefined("\(value.kind) has no slices") }
      throw fault("\(value.kind) cannot be sliced; strings, lists and tuples can, and what \"list\" makes of others")
    }
  }

  private func indices(
    _ count: Int, _ lower: Int?, _ upper: Int?, _ step: Int?
  ) throws(TokenizerError) -> StrideTo<Int> {
    let step = max(-count - 1, min(step ?? 1, count + 1))
    guard step != 0 else { throw fault("the step of a slice is 0") }
    try charge(count)
    let (least, most) = step > 0 ? (0, count) : (-1, count - 1)
    func place(_ bound: Int?, _ missing: Int) -> Int {
      guard let bound else { return missing }
      return max(least, min(bound < 0 ? bound + count : bound, most))
    }
    return stride(from: place(lower, step > 0 ? 0 : count - 1), to: place(upper, step > 0 ? count : -1), by: step)
  }
}
