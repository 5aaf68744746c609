import JSONText

extension TemplateParser {
  mutating func primary() throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    let kind = token.kind
    switch kind {
    case .name(let name):
      advance()
      return try made(Self.named(name), offset, [])
    case .text(var text):
      advance()
      while case .text(let more) = token.kind {
        text.units += more.units
        advance()
      }
      return try made(.text(text), offset, [])
    case .integer(let value):
      advance()
      return try made(.integer(value), offset, [])
    case .float(let value):
      advance()
      return try made(.float(value), offset, [])
    case .sign("("):
      advance()
      if skip(sign: ")") { return try made(.tuple([]), offset, []) }
      try enter()
      let value = try expressions()
      leave()
      try expect(sign: ")")
      return value
    case .sign("["): return try list()
    case .sign("{"): return try mapping()
    default: throw fault("\(token.description) stands where a value is expected")
    }
  }

  private static func named(_ name: String) -> TemplateExpression.Form {
    switch name {
    case "true", "True": .boolean(true)
    case "false", "False": .boolean(false)
    case "none", "None": .none
    default: .name(name)
    }
  }

  private mutating func list() throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    advance()
    var elements: [TemplateExpression] = []
    while !skip(sign: "]") {
      if !elements.isEmpty {
        try expect(sign: ",")
        if skip(sign: "]") { break }
      }
      elements.append(try expression())
    }
    return try made(.list(elements), offset, elements)
  }

  private mutating func mapping() throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    advance()
    var members: [(key: TemplateExpression, value: TemplateExpression)] = []
    while !skip(sign: "}") {
      if !members.isEmpty {
        try expect(sign: ",")
        if skip(sign: "}") { break }
      }
      let key = try expression()
      try expect(sign: ":")
      members.append((key, try expression()))
    }
    return try made(.mapping(members), offset, members.flatMap { [$0.key, $0.value] })
  }

  /// Attributes, elements and calls.
  mutating func postfixes(of first: TemplateExpression) throws(TokenizerError) -> TemplateExpression {
    var value = first
    while true {
      let offset = token.offset
      switch token.kind {
      case .sign("."):
        advance()
        if case .integer(let place) = token.kind {
          advance()
          let index = try made(.integer(place), offset, [])
          value = try made(.element(value, index), offset, [value])
        } else {
          value = try made(.attribute(value, try name()), offset, [value])
        }
      case .sign("["): value = try subscripted(value)
      case .sign("("):
        let arguments = try arguments()
        value = try made(.call(value, arguments), offset, [value] + arguments.all)
      default: return value
      }
    }
  }

  private mutating func subscripted(_ value: TemplateExpression) throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    advance()
    var bounds: [TemplateExpression?] = [nil]
    if token.kind != .sign(":") { bounds = [try expression()] }
    var isSlice = false
    while bounds.count < 3, skip(sign: ":") {
      isSlice = true
      let isMissing = token.kind == .sign(":") || token.kind == .sign("]")
      bounds.append(isMissing ? nil : try expression())
    }
    if token.kind == .sign(",") { throw fault("several subscripts are not supported; write one after the other") }
    try expect(sign: "]")
    let parts = [value] + bounds.compactMap { $0 }
    if isSlice {
      return try made(
        .slice(value, lower: bounds[0], upper: bounds[1], step: bounds.count > 2 ? bounds[2] : nil), offset, parts)
    }
    return try made(.element(value, parts[1]), offset, parts)
  }

  mutating func arguments() throws(TokenizerError) -> TemplateExpression.Arguments {
    try expect(sign: "(")
    var arguments = TemplateExpression.Arguments()
    var isFirst = true
    while !skip(sign: ")") {
      if !isFirst {
        try expect(sign: ",")
        if skip(sign: ")") { break }
      }
      isFirst = false
      if arguments.spread == nil, arguments.namedSpread == nil, skip(sign: "*") {
        arguments.spread = try expression()
      } else if arguments.namedSpread == nil, skip(sign: "**") {
        arguments.namedSpread = try expression()
      } else if case .name(let name) = token.kind, next().kind == .sign("=") {
        advance()
        advance()
        guard !arguments.named.contains(where: { $0.name == name }) else {
          throw fault("the argument \"\(name.oneLine(limit: 48))\" is given twice")
        }
        arguments.named.append((name, try expression()))
      } else {
        guard arguments.named.isEmpty, arguments.spread == nil, arguments.namedSpread == nil else {
          throw fault("an argument without a name follows one with a name")
        }
        arguments.positional.append(try expression())
      }
    }
    return arguments
  }

  /// Filters, tests, and calls of what they give.
  mutating func filtersAndTests(of first: TemplateExpression) throws(TokenizerError) -> TemplateExpression {
    var value = first
    while true {
      let offset = token.offset
      switch token.kind {
      case .sign("|"):
        advance()
        value = try filterCall(on: value)
      case .name("is"): value = try test(of: value)
      case .sign("("):
        let arguments = try arguments()
        value = try made(.call(value, arguments), offset, [value] + arguments.all)
      default: return value
      }
    }
  }

  /// Filters alone, as a block has them.
  mutating func filters(on first: TemplateExpression) throws(TokenizerError) -> TemplateExpression {
    var value = first
    while skip(sign: "|") { value = try filterCall(on: value) }
    return value
  }

  mutating func filterCall(on value: TemplateExpression) throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    let name = try name()
    let arguments = token.kind == .sign("(") ? try arguments() : .init()
    return try made(.filter(value, name, arguments), offset, [value] + arguments.all)
  }

  private mutating func test(of value: TemplateExpression) throws(TokenizerError) -> TemplateExpression {
    advance()
    let offset = token.offset
    let isNegated = skip(.name("not"))
    let name = try name()
    var arguments = TemplateExpression.Arguments()
    switch token.kind {
    case .sign("("): arguments = try self.arguments()
    case .name("else"), .name("or"), .name("and"): break
    case .name("is"): throw fault("tests cannot follow each other; write \"and\" between them")
    case .name, .text, .integer, .float, .sign("["), .sign("{"):
      try enter()
      let operand = try primary()
      arguments.positional = [try postfixes(of: operand)]
      leave()
    default: break
    }
    let test = try made(.test(value, name, arguments), offset, [value] + arguments.all)
    return isNegated ? try made(.not(test), offset, [test]) : test
  }
}

extension TemplateExpression.Arguments {
  /// All values.
  var all: [TemplateExpression] { positional + named.map(\.value) + [spread, namedSpread].compactMap { $0 } }
}
