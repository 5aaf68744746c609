extension TemplateParser {
  /// An expression, or several with commas between, which are a tuple.
  mutating func expressions(withConditional: Bool = true) throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    var elements = [withConditional ? try expression() : try disjunction()]
    guard token.kind == .sign(",") else { return elements[0] }
    while skip(sign: ",") {
      switch token.kind {
      case .outputEnd, .statementEnd, .sign(")"): break
      default:
        elements.append(withConditional ? try expression() : try disjunction())
        continue
      }
      break
    }
    return try made(.tuple(elements), offset, elements)
  }

  /// An expression with all that may stand in it.
  mutating func expression() throws(TokenizerError) -> TemplateExpression {
    try enter()
    defer { leave() }
    let offset = token.offset
    var value = try disjunction()
    while skip(.name("if")) {
      let test = try disjunction()
      let otherwise = skip(.name("else")) ? try expression() : nil
      value = try made(
        .conditional(test: test, then: value, otherwise: otherwise), offset,
        [value, test] + (otherwise.map { [$0] } ?? []))
    }
    return value
  }

  /// An expression of parts, of which a chain may be long.
  func made(
    _ form: TemplateExpression.Form, _ offset: Int, _ parts: [TemplateExpression]
  ) throws(TokenizerError) -> TemplateExpression {
    let depth = 1 + parts.reduce(0) { max($0, $1.depth) }
    guard depth <= TemplateLimits.expressionDepth else {
      throw source.fault(at: offset, "the expression is nested more than \(TemplateLimits.expressionDepth) deep")
    }
    return TemplateExpression(form: form, offset: offset, depth: depth)
  }

  mutating func disjunction() throws(TokenizerError) -> TemplateExpression {
    var left = try conjunction()
    while token.kind == .name("or") {
      let offset = token.offset
      advance()
      let right = try conjunction()
      left = try made(.or(left, right), offset, [left, right])
    }
    return left
  }

  private mutating func conjunction() throws(TokenizerError) -> TemplateExpression {
    var left = try negation()
    while token.kind == .name("and") {
      let offset = token.offset
      advance()
      let right = try negation()
      left = try made(.and(left, right), offset, [left, right])
    }
    return left
  }

  private mutating func negation() throws(TokenizerError) -> TemplateExpression {
    var offsets: [Int] = []
    while token.kind == .name("not") {
      offsets.append(token.offset)
      advance()
    }
    var value = try comparison()
    for offset in offsets.reversed() { value = try made(.not(value), offset, [value]) }
    return value
  }

  private mutating func comparison() throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    let first = try sum()
    var rest: [(sign: TemplateComparison, operand: TemplateExpression)] = []
    while let sign = comparisonSign() { rest.append((sign, try sum())) }
    return rest.isEmpty ? first : try made(.comparison(first, rest), offset, [first] + rest.map(\.operand))
  }

  private mutating func comparisonSign() -> TemplateComparison? {
    switch token.kind {
    case .sign(let sign):
      guard let comparison = TemplateComparison(rawValue: sign) else { return nil }
      advance()
      return comparison
    case .name("in"):
      advance()
      return .within
    case .name("not") where next().kind == .name("in"):
      advance()
      advance()
      return .notWithin
    default: return nil
    }
  }

  private mutating func sign(of signs: [TemplateOperator]) -> TemplateOperator? {
    guard case .sign(let text) = token.kind, let sign = TemplateOperator(rawValue: text), signs.contains(sign) else {
      return nil
    }
    advance()
    return sign
  }

  private mutating func sum() throws(TokenizerError) -> TemplateExpression {
    var left = try concatenation()
    while true {
      let offset = token.offset
      guard let sign = sign(of: [.add, .subtract]) else { return left }
      let right = try concatenation()
      left = try made(.arithmetic(left, sign, right), offset, [left, right])
    }
  }

  private mutating func concatenation() throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    var parts = [try product()]
    while skip(sign: "~") { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : try made(.concatenation(parts), offset, parts)
  }

  private mutating func product() throws(TokenizerError) -> TemplateExpression {
    var left = try power()
    while true {
      let offset = token.offset
      guard let sign = sign(of: [.multiply, .divide, .floorDivide, .remainder]) else { return left }
      let right = try power()
      left = try made(.arithmetic(left, sign, right), offset, [left, right])
    }
  }

  private mutating func power() throws(TokenizerError) -> TemplateExpression {
    var left = try signed()
    while true {
      let offset = token.offset
      guard let sign = sign(of: [.power]) else { return left }
      let right = try signed()
      left = try made(.arithmetic(left, sign, right), offset, [left, right])
    }
  }

  private mutating func signed(withFilters: Bool = true) throws(TokenizerError) -> TemplateExpression {
    let offset = token.offset
    var value: TemplateExpression
    if token.kind == .sign("-") || token.kind == .sign("+") {
      let isNegative = token.kind == .sign("-")
      advance()
      try enter()
      let operand = try signed(withFilters: false)
      leave()
      value = try made(isNegative ? .negative(operand) : .positive(operand), offset, [operand])
    } else {
      value = try primary()
    }
    value = try postfixes(of: value)
    return withFilters ? try filtersAndTests(of: value) : value
  }
}
