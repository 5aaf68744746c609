/// A template while it runs: its variables, what it has written, and how much more it may do.
final class TemplateRun {
  let source: TemplateSource
  let moment: ChatTemplate.Moment
  var scope = TemplateScope(in: nil)
  var output = TemplateText(units: [])
  /// Where the expression stands that is evaluated, for messages.
  var offset = 0
  /// The expression of the `{{ }}` that is evaluated: where it is constant, Jinja computes it by rules of its own.
  var outputExpression: TemplateExpression?
  /// The text that the filters of a block are applied to.
  var blockText: TemplateText?
  private var work: Int
  private var depth = 0
  private var namespaces: [TemplateNamespace] = []
  private var captured: [TemplateScope] = []

  /// - Parameters:
  ///   - size: scalars of the conversation.
  ///   - moment: what `strftime_now` says.
  init(_ source: TemplateSource, variables: [String: TemplateValue], size: Int, moment: ChatTemplate.Moment) {
    (self.source, self.moment) = (source, moment)
    work = TemplateLimits.work + min(size, 1 << 30) * TemplateLimits.workEach
    scope.variables = variables
    scope = TemplateScope(in: scope)
  }

  deinit {
    // These may hold each other, in rings and in chains of any length; none is freed within another.
    for namespace in namespaces { namespace.attributes = TemplateMapping() }
    for scope in captured { scope.variables = [:] }
  }

  /// An error at the expression that is evaluated.
  func fault(_ reason: String) -> TokenizerError { source.fault(at: offset, reason) }

  /// Counts work before it is done.
  func charge(_ amount: Int) throws(TokenizerError) {
    guard amount <= work else {
      throw fault(
        "the template does more than any should for this conversation; does a loop or a text grow without end?")
    }
    work -= amount
  }

  /// Goes a level deeper while something is done.
  func deeper<Result>(_ body: () throws(TokenizerError) -> Result) throws(TokenizerError) -> Result {
    guard depth < TemplateLimits.depth else {
      throw fault(
        "the template is more than \(TemplateLimits.depth) levels deep; does a macro call itself without end?")
    }
    depth += 1
    defer { depth -= 1 }
    return try body()
  }

  /// Does something with variables of its own.
  func scoped<Result>(
    in parent: TemplateScope? = nil, _ body: () throws(TokenizerError) -> Result
  ) throws(TokenizerError) -> Result {
    let outer = scope
    scope = TemplateScope(in: parent ?? outer)
    defer { scope = outer }
    return try body()
  }

  /// The text that `body` writes, kept out of the output.
  func captured(_ body: () throws(TokenizerError) -> Void) throws(TokenizerError) -> TemplateText {
    let outer = output
    output = TemplateText(units: [])
    defer { output = outer }
    try body()
    return output
  }

  func write(_ text: TemplateText) throws(TokenizerError) {
    try charge(text.units.count)
    output.units += text.units
  }

  /// A text, which is paid for.
  func text(_ units: some Collection<UInt32>) throws(TokenizerError) -> TemplateValue {
    try charge(units.count)
    return .text(TemplateText(units: units))
  }

  /// A list, which is paid for and not too deep.
  func list(
    _ elements: [TemplateValue], _ kind: TemplateList.Kind = .list
  ) throws(TokenizerError) -> TemplateValue {
    try charge(8 * elements.count)
    return try checked(.list(TemplateList(elements, kind)))
  }

  func generator(_ elements: [TemplateValue]) throws(TokenizerError) -> TemplateValue {
    try charge(8 * elements.count)
    return try checked(.generator(TemplateGenerator(elements)))
  }

  /// A value that is not too deep.
  func checked(_ value: TemplateValue) throws(TokenizerError) -> TemplateValue {
    guard value.depth <= TemplateLimits.valueDepth else {
      throw fault("lists and mappings are more than \(TemplateLimits.valueDepth) within each other")
    }
    return value
  }

  /// The value as a key of a mapping.
  func key(_ value: TemplateValue) throws(TokenizerError) -> TemplateMapping.Key {
    if case .text(let text) = value { try charge(text.units.count) }
    guard let key = value.key else { throw fault("\(value.kind) cannot be a key of a mapping") }
    return key
  }

  func namespace(_ attributes: TemplateMapping) -> TemplateValue {
    let namespace = TemplateNamespace()
    namespace.attributes = attributes
    namespaces.append(namespace)
    return .namespace(namespace)
  }

  func macro(_ definition: TemplateStatement.Macro) -> TemplateMacro {
    captured.append(scope)
    return TemplateMacro(definition, scope)
  }
}
