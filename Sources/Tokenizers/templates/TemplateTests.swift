import JSONText

/// The tests of templates, which stand behind `is`; a new one is a row.
enum TemplateTests {
  typealias Test = @Sendable (TemplateValue, TemplateArguments, TemplateRun) throws(TokenizerError) -> Bool

  /// Those that compare with a value.
  static let comparing: [String: Test] = {
    var table: [String: Test] = ["divisibleby": divisibleBy, "sameas": sameAs]
    for (name, sign) in comparisons { table[name] = compared(sign) }
    return table
  }()

  /// Whether there is a test of that name.
  static func has(_ name: String) -> Bool { plain[name] != nil || comparing[name] != nil }

  private static let comparisons: [(String, TemplateComparison)] = [
    ("==", .equal), ("eq", .equal), ("equalto", .equal), ("!=", .unequal), ("ne", .unequal), ("<", .less),
    ("lt", .less), ("lessthan", .less), ("<=", .lessOrEqual), ("le", .lessOrEqual), (">", .greater), ("gt", .greater),
    ("greaterthan", .greater), (">=", .greaterOrEqual), ("ge", .greaterOrEqual), ("in", .within),
  ]

  /// Those that compare with nothing.
  static let plain: [String: @Sendable (TemplateValue, TemplateRun) throws(TokenizerError) -> Bool] = [
    "boolean": { (value, _) throws(TokenizerError) in if case .boolean = value { true } else { false } },
    "callable": { (value, _) throws(TokenizerError) in
      switch value {
      case .undefined, .function, .macro, .method: true
      default: false
      }
    },
    "defined": { (value, _) throws(TokenizerError) in !value.isUndefined },
    "even": { (value, run) throws(TokenizerError) in try remainder(value, .integer(2), run) },
    "false": { (value, _) throws(TokenizerError) in if case .boolean(false) = value { true } else { false } },
    "filter": { (value, run) throws(TokenizerError) in
      TemplateFilters.table[try run.string(value).string] != nil
    },
    "float": { (value, _) throws(TokenizerError) in if case .float = value { true } else { false } },
    "integer": { (value, _) throws(TokenizerError) in if case .integer = value { true } else { false } },
    "iterable": { (value, _) throws(TokenizerError) in
      switch value {
      case .undefined, .text, .list, .mapping, .generator, .loop: true
      default: false
      }
    },
    "lower": { (value, run) throws(TokenizerError) in try run.string(value).isLowercase },
    "mapping": { (value, _) throws(TokenizerError) in if case .mapping = value { true } else { false } },
    "none": { (value, _) throws(TokenizerError) in value.isNone },
    "number": { (value, _) throws(TokenizerError) in value.number != nil },
    "odd": { (value, run) throws(TokenizerError) in try remainder(value, .integer(2), run, is: 1) },
    "sequence": { (value, _) throws(TokenizerError) in
      switch value {
      // In Jinja what is undefined has a length, and elements to ask for.
      case .undefined, .text, .mapping: return true
      case .list(let list):
        if case .view = list.kind { return false }
        return true
      default: return false
      }
    },
    "string": { (value, _) throws(TokenizerError) in if case .text = value { true } else { false } },
    "test": { (value, run) throws(TokenizerError) in TemplateTests.has(try run.string(value).string) },
    "true": { (value, _) throws(TokenizerError) in if case .boolean(true) = value { true } else { false } },
    "undefined": { (value, _) throws(TokenizerError) in value.isUndefined },
    "upper": { (value, run) throws(TokenizerError) in try run.string(value).isUppercase },
  ]

  private static func compared(_ sign: TemplateComparison) -> Test {
    { (value, arguments, run) throws(TokenizerError) in
      guard let other = try arguments.only("other", run) else {
        throw run.fault("the test needs a value to compare with")
      }
      return try run.compare(value, sign, other)
    }
  }

  private static func divisibleBy(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> Bool {
    guard let divisor = try arguments.only("num", run) else { throw run.fault("divisibleby needs a number") }
    return try remainder(value, divisor, run)
  }

  /// Whether a division leaves a certain remainder.
  private static func remainder(
    _ value: TemplateValue, _ divisor: TemplateValue, _ run: TemplateRun, is rest: Int = 0
  ) throws(TokenizerError) -> Bool {
    try run.equal(try run.arithmetic(value, .remainder, divisor), .integer(rest))
  }

  /// Whether both are the same object, which for a text or a list Python leaves to chance.
  private static func sameAs(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> Bool {
    guard let other = try arguments.only("other", run) else { throw run.fault("sameas needs a value") }
    switch (value, other) {
    case (.none, .none): return true
    case (.boolean(let left), .boolean(let right)): return left == right
    case (.none, _), (_, .none), (.boolean, _), (_, .boolean): return false
    case (.namespace, .namespace), (.macro, .macro), (.loop, .loop): return try run.equal(value, other)
    default: throw run.fault("sameas is supported for true, false, none and namespaces; compare by ==")
    }
  }
}

extension TemplateRun {
  /// Whether a test holds.
  func test(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(TokenizerError) -> Bool {
    try charge(4)
    if let test = TemplateTests.plain[name] {
      try arguments.none(self)
      return try test(value, self)
    }
    if let test = TemplateTests.comparing[name] { return try test(value, arguments, self) }
    let names = Array(TemplateTests.plain.keys) + TemplateTests.comparing.keys
    throw fault(
      "the test \"\(name.oneLine(limit: 48))\" is not supported; supported: "
        + names.sorted().joined(separator: ", "))
  }
}
