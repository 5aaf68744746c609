import JSONText

extension TemplateParser {
  private static let unsupported = [
    "autoescape", "block", "do", "extends", "from", "import", "include", "trans",
  ]

  /// The statement of a tag, up to the tag's end.
  mutating func statement() throws(TokenizerError) -> [TemplateStatement] {
    let offset = token.offset
    let tag = try name()
    func made(_ form: TemplateStatement.Form) -> [TemplateStatement] { [TemplateStatement(form: form, offset: offset)] }
    switch tag {
    case "if": return made(try choice())
    case "for": return made(try loop())
    case "set": return made(try assignment())
    case "macro": return made(.macro(try macro()))
    case "call": return made(try callBlock())
    case "with": return made(try with())
    case "print":
      var outputs: [TemplateStatement] = []
      repeat { outputs += made(.output(try expression())) } while skip(sign: ",")
      return outputs
    case "filter":
      let text = TemplateExpression(form: .blockText, offset: offset, depth: 1)
      let filter = try filterCall(on: text)
      let chain = try filters(on: filter)
      let body = try body(until: "endfilter")
      advance()
      return made(.filterBlock(chain, body))
    case "generation":
      let body = try body(until: "endgeneration")
      advance()
      return made(.scope(body))
    case "break": return made(.leave)
    case "continue": return made(.next)
    default:
      position -= 1
      guard Self.unsupported.contains(tag) else {
        throw fault("the tag \"\(tag.oneLine(limit: 48))\" is unknown, or stands where nothing is open for it")
      }
      throw fault("the tag \"\(tag)\" is not supported; write the template without it")
    }
  }

  private mutating func choice() throws(TokenizerError) -> TemplateStatement.Form {
    var branches: [(test: TemplateExpression, body: [TemplateStatement])] = []
    while true {
      let test = try expressions(withConditional: false)
      let body = try body(until: "elif", "else", "endif")
      branches.append((test, body))
      let end = try name()
      if end == "elif" { continue }
      guard end == "else" else { return .choice(branches, otherwise: []) }
      let otherwise = try self.body(until: "endif")
      advance()
      return .choice(branches, otherwise: otherwise)
    }
  }

  private mutating func loop() throws(TokenizerError) -> TemplateStatement.Form {
    let target = try target()
    try expect(.name("in"), "\"in\"")
    let values = try expressions(withConditional: false)
    var condition: TemplateExpression?
    if skip(.name("if")) { condition = try expression() }
    if token.kind == .name("recursive") { throw fault("recursive loops are not supported; write a macro") }
    let body = try body(until: "endfor", "else")
    var otherwise: [TemplateStatement] = []
    if try name() == "else" {
      otherwise = try self.body(until: "endfor")
      advance()
    }
    return .loop(.init(target: target, values: values, condition: condition, body: body, otherwise: otherwise))
  }

  private mutating func assignment() throws(TokenizerError) -> TemplateStatement.Form {
    let target = try target(withAttributes: true)
    if skip(sign: "=") { return .set(target, try expressions()) }
    let text = TemplateExpression(form: .blockText, offset: token.offset, depth: 1)
    let chain = try filters(on: text)
    let body = try body(until: "endset")
    advance()
    return .setBlock(target, chain, body)
  }

  private mutating func macro() throws(TokenizerError) -> TemplateStatement.Macro {
    let name = try name()
    return try macro(name, parameters: try parameters(), until: "endmacro")
  }

  private mutating func macro(
    _ name: String, parameters: [(name: String, fallback: TemplateExpression?)], until end: String
  ) throws(TokenizerError) -> TemplateStatement.Macro {
    let begin = position
    let body = try body(until: end)
    let names = Set(tokens[begin..<position].map(\.kind))
    advance()
    return .init(
      name: name, parameters: parameters, body: body, namesPositional: names.contains(.name("varargs")),
      namesNamed: names.contains(.name("kwargs")), namesCaller: names.contains(.name("caller")))
  }

  private mutating func parameters() throws(TokenizerError) -> [(name: String, fallback: TemplateExpression?)] {
    try expect(sign: "(")
    var parameters: [(name: String, fallback: TemplateExpression?)] = []
    while !skip(sign: ")") {
      if !parameters.isEmpty { try expect(sign: ",") }
      let name = try name()
      let fallback = skip(sign: "=") ? try expression() : nil
      if fallback == nil, parameters.last?.fallback != nil {
        throw fault("the parameter \"\(name.oneLine(limit: 48))\" needs a default, as the one before it has one")
      }
      parameters.append((name, fallback))
    }
    return parameters
  }

  private mutating func callBlock() throws(TokenizerError) -> TemplateStatement.Form {
    let parameters = token.kind == .sign("(") ? try parameters() : []
    let call = try expression()
    guard case .call = call.form else {
      throw source.fault(at: call.offset, "a call block calls a macro, such as {% call name() %}")
    }
    return .callBlock(call, try macro("caller", parameters: parameters, until: "endcall"))
  }

  private mutating func with() throws(TokenizerError) -> TemplateStatement.Form {
    var values: [(target: TemplateStatement.Target, value: TemplateExpression)] = []
    while token.kind != .statementEnd {
      if !values.isEmpty { try expect(sign: ",") }
      let target = try target()
      try expect(sign: "=")
      values.append((target, try expression()))
    }
    let body = try body(until: "endwith")
    advance()
    return .with(values, body)
  }

  /// The target of an assignment: a name, an attribute of a namespace, or several of these.
  private mutating func target(withAttributes: Bool = false) throws(TokenizerError) -> TemplateStatement.Target {
    try enter()
    defer { leave() }
    var targets: [TemplateStatement.Target] = []
    var isTuple = false
    repeat {
      if !targets.isEmpty, token.kind == .name("in") || token.kind == .sign(")") || token.kind == .sign("=") { break }
      if skip(sign: "(") {
        targets.append(try target(withAttributes: withAttributes))
        try expect(sign: ")")
      } else {
        let name = try name()
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
          position -= 1
          throw fault("\"\(name)\" cannot be given a value")
        }
        targets.append(withAttributes && skip(sign: ".") ? .attribute(name, try self.name()) : .name(name))
      }
      isTuple = isTuple || token.kind == .sign(",")
    } while skip(sign: ",")
    return isTuple ? .tuple(targets) : targets[0]
  }
}
