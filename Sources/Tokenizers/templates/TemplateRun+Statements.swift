import JSONText

extension TemplateRun {
  /// How statements ended.
  enum Ending {
    case normal
    /// By `break`, or by `continue`, of the loop around them.
    case leave, next
  }

  func run(_ statements: [TemplateStatement]) throws(TokenizerError) -> Ending {
    for statement in statements {
      offset = statement.offset
      try charge(4)
      let ending = try run(statement)
      if ending != .normal { return ending }
    }
    return .normal
  }

  private func run(_ statement: TemplateStatement) throws(TokenizerError) -> Ending {
    switch statement.form {
    case .text(let text): try write(text)
    case .output(let value):
      outputExpression = value
      defer { outputExpression = nil }
      try write(try string(try evaluate(value)))
    case .choice(let branches, let otherwise):
      for branch in branches where try evaluate(branch.test).isTrue { return try runDeeper(branch.body) }
      return try runDeeper(otherwise)
    case .loop(let loop): try deeper { () throws(TokenizerError) in try run(loop) }
    case .set(let target, let value): try assign(try evaluate(value), to: target)
    case .setBlock(let target, let chain, let body): try assign(try filtered(body, by: chain), to: target)
    case .macro(let macro): scope.variables[macro.name] = .macro(self.macro(macro))
    case .callBlock(let call, let macro): try write(try string(try self.call(call, caller: macro)))
    case .filterBlock(let chain, let body): try write(try string(try filtered(body, by: chain)))
    case .with(let values, let body):
      var given: [TemplateValue] = []
      for value in values { given.append(try evaluate(value.value)) }
      _ = try scoped { () throws(TokenizerError) in
        for (value, new) in zip(values, given) { try assign(new, to: value.target) }
        return try runDeeper(body)
      }
    case .scope(let body): _ = try scoped { () throws(TokenizerError) in try runDeeper(body) }
    case .leave: return .leave
    case .next: return .next
    }
    return .normal
  }

  private func runDeeper(_ statements: [TemplateStatement]) throws(TokenizerError) -> Ending {
    try deeper { () throws(TokenizerError) in try run(statements) }
  }

  private func filtered(
    _ body: [TemplateStatement], by chain: TemplateExpression
  ) throws(TokenizerError) -> TemplateValue {
    let text = try captured { () throws(TokenizerError) in
      _ = try scoped { () throws(TokenizerError) in try runDeeper(body) }
    }
    let outer = blockText
    blockText = text
    defer { blockText = outer }
    return try evaluate(chain)
  }

  func assign(_ value: TemplateValue, to target: TemplateStatement.Target) throws(TokenizerError) {
    switch target {
    case .name(let name): scope.variables[name] = value
    case .attribute(let name, let attribute):
      guard case .namespace(let namespace)? = scope[name] else {
        throw fault("\"\(name.oneLine(limit: 48))\" is no namespace; attributes of namespaces alone can be set")
      }
      guard !attribute.hasPrefix("_") else {
        throw fault("the attribute \"\(attribute)\" of a namespace is not allowed")
      }
      try charge(16)
      namespace.attributes.set(.text(attribute), .text(TemplateText(attribute)), value)
    case .tuple(let targets):
      let values = try elements(of: value)
      guard values.count == targets.count else {
        throw fault("\(values.count) values are given to \(targets.count) names")
      }
      for (target, value) in zip(targets, values) { try assign(value, to: target) }
    }
  }

  private func run(_ statement: TemplateStatement.Loop) throws(TokenizerError) {
    let outer = scope
    defer { scope = outer }
    let values = try elements(of: try evaluate(statement.values))
    var isTaken: ((TemplateValue) throws(TokenizerError) -> Bool)?
    if let condition = statement.condition {
      isTaken = { [unowned self] (value) throws(TokenizerError) in
        try self.scoped(in: outer) { () throws(TokenizerError) in
          try self.assign(value, to: statement.target)
          return try self.evaluate(condition).isTrue
        }
      }
    }
    let loop = TemplateLoop(values, where: isTaken)
    while try loop.advance(), let value = loop.current {
      try charge(4)
      scope = TemplateScope(in: outer)
      scope.variables["loop"] = .loop(loop)
      try assign(value, to: statement.target)
      if try run(statement.body) == .leave { return }
    }
    // The else is for a loop that had no value, not as in Python for one that was not left.
    guard loop.index < 0 else { return }
    scope = TemplateScope(in: outer)
    _ = try run(statement.otherwise)
  }
}
