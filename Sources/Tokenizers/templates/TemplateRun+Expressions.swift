import JSONText

extension TemplateRun {
  func evaluate(_ expression: TemplateExpression) throws(TokenizerError) -> TemplateValue {
    try charge(4)
    return try deeper { () throws(TokenizerError) in
      offset = expression.offset
      return try value(of: expression)
    }
  }

  private func value(of expression: TemplateExpression) throws(TokenizerError) -> TemplateValue {
    switch expression.form {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .float(value)
    case .text(let text): return .text(text)
    case .name(let name): return variable(name)
    case .blockText: return .text(blockText ?? TemplateText(units: []))
    case .not(let operand): return .boolean(!(try evaluate(operand).isTrue))
    case .and(let left, let right):
      let value = try evaluate(left)
      return value.isTrue ? try evaluate(right) : value
    case .or(let left, let right):
      let value = try evaluate(left)
      return value.isTrue ? value : try evaluate(right)
    case .conditional(let test, let then, let otherwise):
      if try evaluate(test).isTrue { return try evaluate(then) }
      if let otherwise { return try evaluate(otherwise) }
      return .undefined("the value of an if without else")
    default: return try compound(expression)
    }
  }

  private func compound(_ expression: TemplateExpression) throws(TokenizerError) -> TemplateValue {
    switch expression.form {
    case .list(let elements): return try list(try evaluate(all: elements))
    case .tuple(let elements): return try list(try evaluate(all: elements), .tuple)
    case .mapping(let members): return try mapping(members)
    case .negative(let operand): return try negative(try evaluate(operand))
    case .positive(let operand):
      let value = try evaluate(operand)
      if case .float = value { return value }
      guard let integer = value.integer else { throw fault("\(value.kind) has no sign") }
      return .integer(integer)
    case .arithmetic(let left, let sign, let right):
      let operands = (try evaluate(left), try evaluate(right))
      offset = expression.offset
      return try arithmetic(operands.0, sign, operands.1)
    case .concatenation(let parts):
      var units: [UInt32] = []
      for value in try evaluate(all: parts) { units += try string(value).units }
      return try text(units)
    case .comparison(let first, let rest): return .boolean(try holds(first, rest))
    case .attribute(let value, let name):
      let value = try evaluate(value)
      offset = expression.offset
      return try attribute(name, of: value)
    case .element(let value, let place):
      let (value, place) = (try evaluate(value), try evaluate(place))
      offset = expression.offset
      return try element(place, of: value)
    case .slice(let value, let lower, let upper, let step):
      let value = try evaluate(value)
      let bounds = try (bound(lower), bound(upper), bound(step))
      offset = expression.offset
      return try slice(of: value, bounds.0, bounds.1, bounds.2)
    case .call: return try call(expression, caller: nil)
    case .filter(let value, let name, let arguments):
      let (value, arguments) = (try evaluate(value), try evaluate(arguments))
      offset = expression.offset
      return try filter(name, value, arguments)
    case .test(let value, let name, let arguments):
      let (value, arguments) = (try evaluate(value), try evaluate(arguments))
      offset = expression.offset
      return .boolean(try test(name, value, arguments))
    default: throw fault("the expression cannot be evaluated")
    }
  }

  private func evaluate(all expressions: [TemplateExpression]) throws(TokenizerError) -> [TemplateValue] {
    var values: [TemplateValue] = []
    for expression in expressions { values.append(try evaluate(expression)) }
    return values
  }

  func evaluate(_ arguments: TemplateExpression.Arguments) throws(TokenizerError) -> TemplateArguments {
    var named: [(name: String, value: TemplateValue)] = []
    var positional = try evaluate(all: arguments.positional)
    for argument in arguments.named { named.append((argument.name, try evaluate(argument.value))) }
    if let spread = arguments.spread { positional += try elements(of: try evaluate(spread)) }
    if let spread = arguments.namedSpread {
      guard case .mapping(let mapping) = try evaluate(spread) else { throw fault("\"**\" takes a mapping") }
      for (key, value) in zip(mapping.keys, mapping.values) {
        guard case .text(let name) = key else { throw fault("the names of arguments are strings") }
        guard !named.contains(where: { $0.name == name.string }) else {
          throw fault("the argument \"\(name.string.oneLine(limit: 48))\" is given twice")
        }
        named.append((name.string, value))
      }
    }
    return TemplateArguments(positional: positional, named: named)
  }

  private func variable(_ name: String) -> TemplateValue {
    if let value = scope[name] { return value }
    return TemplateFunctions.table[name] == nil
      ? .undefined("\"\(name.oneLine(limit: 48))\" is undefined") : .function(name)
  }

  private func mapping(
    _ members: [(key: TemplateExpression, value: TemplateExpression)]
  ) throws(TokenizerError) -> TemplateValue {
    var mapping = TemplateMapping()
    try charge(16 * members.count)
    for member in members {
      let (written, value) = (try evaluate(member.key), try evaluate(member.value))
      mapping.set(written, try key(written), value)
    }
    return try checked(.mapping(mapping))
  }

  private func holds(
    _ first: TemplateExpression, _ rest: [(sign: TemplateComparison, operand: TemplateExpression)]
  ) throws(TokenizerError) -> Bool {
    var left = try evaluate(first)
    for (sign, operand) in rest {
      let right = try evaluate(operand)
      guard try compare(left, sign, right) else { return false }
      left = right
    }
    return true
  }

  private func bound(_ expression: TemplateExpression?) throws(TokenizerError) -> Int? {
    guard let expression else { return nil }
    let value = try evaluate(expression)
    if value.isNone { return nil }
    guard let integer = value.integer else {
      throw fault("a slice goes from one integer to another, not to \(value.kind)")
    }
    return integer
  }
}
