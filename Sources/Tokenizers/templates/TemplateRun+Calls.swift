import JSONText

extension TemplateRun {
  /// Calls what an expression names.
  ///
  /// - Parameter caller: the body of a call block.
  func call(
    _ expression: TemplateExpression, caller: TemplateStatement.Macro?
  ) throws(TokenizerError) -> TemplateValue {
    guard case .call(let callee, let written) = expression.form else { return try evaluate(expression) }
    let function = try evaluate(callee)
    var arguments = try evaluate(written)
    if let caller { arguments.named.append(("caller", .macro(macro(caller)))) }
    offset = expression.offset
    switch function {
    case .function(let name):
      guard let function = TemplateFunctions.table[name] else { throw fault("\"\(name)\" is no function") }
      return try function(arguments, self)
    case .method(let method): return try TemplateMethods.apply(method.name, to: method.receiver, arguments, self)
    case .macro(let macro): return .text(try call(macro, arguments))
    case .undefined(let reason): throw fault("\(reason), and is called")
    default: throw fault("\(function.kind) is called; functions, macros and methods can be")
    }
  }

  func call(_ macro: TemplateMacro, _ arguments: TemplateArguments) throws(TokenizerError) -> TemplateText {
    let definition = macro.definition
    var named = arguments.named
    return try deeper { () throws(TokenizerError) in
      try scoped(in: macro.scope) { () throws(TokenizerError) in
        for (place, parameter) in definition.parameters.enumerated() {
          var value = place < arguments.positional.count ? arguments.positional[place] : nil
          if value == nil, let index = named.firstIndex(where: { $0.name == parameter.name }) {
            value = named.remove(at: index).value
          }
          if value == nil, let fallback = parameter.fallback { value = try evaluate(fallback) }
          scope.variables[parameter.name] =
            value ?? .undefined("parameter \"\(parameter.name.oneLine(limit: 48))\" was not provided")
        }
        try bindRest(of: definition, arguments.positional.dropFirst(definition.parameters.count), named)
        return try captured { () throws(TokenizerError) in _ = try run(definition.body) }
      }
    }
  }

  /// Binds the arguments of a macro beyond its parameters.
  private func bindRest(
    of definition: TemplateStatement.Macro, _ positional: ArraySlice<TemplateValue>,
    _ given: [(name: String, value: TemplateValue)]
  ) throws(TokenizerError) {
    var named = given
    if let index = named.firstIndex(where: { $0.name == "caller" }) {
      guard definition.namesCaller else { throw fault("the macro \"\(definition.name)\" calls no caller") }
      scope.variables["caller"] = named.remove(at: index).value
    } else if definition.namesCaller, scope.variables["caller"] == nil {
      scope.variables["caller"] = .undefined("no caller was given")
    }
    if definition.namesPositional {
      scope.variables["varargs"] = try list(Array(positional), .tuple)
    } else if !positional.isEmpty {
      throw fault("the macro \"\(definition.name)\" takes \(definition.parameters.count) arguments, and is given more")
    }
    if definition.namesNamed {
      scope.variables["kwargs"] = .mapping(TemplateMapping(named))
    } else if let first = named.first {
      throw fault(
        "the macro \"\(definition.name)\" has no parameter \"\(first.name.oneLine(limit: 48))\", or has it already")
    }
  }
}

/// The arguments of a function, a method, a filter or a test.
struct TemplateArguments {
  var positional: [TemplateValue] = []
  var named: [(name: String, value: TemplateValue)] = []

  /// The values of parameters, in order; nil for those that are not given.
  func bound(_ names: [String], _ run: TemplateRun) throws(TokenizerError) -> [TemplateValue?] {
    guard positional.count <= names.count else {
      throw run.fault("\(positional.count) arguments are given where \(names.count) are taken")
    }
    var values: [TemplateValue?] = positional + [TemplateValue?](repeating: nil, count: names.count - positional.count)
    for argument in named {
      guard let place = names.firstIndex(of: argument.name) else {
        throw run.fault("the argument \"\(argument.name.oneLine(limit: 48))\" is not taken here")
      }
      guard values[place] == nil else { throw run.fault("the argument \"\(argument.name)\" is given twice") }
      values[place] = argument.value
    }
    return values
  }

  /// The one value that is given at most.
  func only(_ name: String, _ run: TemplateRun) throws(TokenizerError) -> TemplateValue? {
    try bound([name], run)[0]
  }

  /// Nothing is given.
  func none(_ run: TemplateRun) throws(TokenizerError) {
    _ = try bound([], run)
  }
}
