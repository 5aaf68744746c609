/// Reads the statements of a template, by the grammar of Jinja 3.1.
struct TemplateParser {
  let source: TemplateSource
  let tokens: [TemplateToken]
  var position = 0
  var nesting = 0
  /// Where the tag that is being read begins.
  var tag = 0

  /// The statements of a source.
  ///
  /// - Throws: ``TokenizerError/template(line:column:reason:)`` where it breaks the grammar, asks for what is not
  ///   supported, or goes beyond a limit.
  static func statements(of source: TemplateSource) throws(TokenizerError) -> [TemplateStatement] {
    var parser = TemplateParser(source: source, tokens: try TemplateLexer.tokens(of: source))
    return try parser.statements(until: [])
  }

  private init(source: TemplateSource, tokens: [TemplateToken]) { (self.source, self.tokens) = (source, tokens) }

  var token: TemplateToken { tokens[position] }

  func next(_ count: Int = 1) -> TemplateToken { tokens[min(position + count, tokens.count - 1)] }

  func fault(_ reason: String) -> TokenizerError { source.fault(at: token.offset, reason) }

  mutating func advance() { position = min(position + 1, tokens.count - 1) }

  mutating func skip(_ kind: TemplateToken.Kind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  mutating func skip(sign: String) -> Bool { skip(.sign(sign)) }

  mutating func expect(_ kind: TemplateToken.Kind, _ text: String) throws(TokenizerError) {
    guard skip(kind) else { throw fault("\(token.description) stands where \(text) is expected") }
  }

  mutating func expect(sign: String) throws(TokenizerError) { try expect(.sign(sign), "\"\(sign)\"") }

  mutating func name() throws(TokenizerError) -> String {
    guard case .name(let name) = token.kind else {
      throw fault("\(token.description) stands where a name is expected")
    }
    advance()
    return name
  }

  /// Counts what is within each other, so that no depth of a text becomes one of the stack.
  mutating func enter() throws(TokenizerError) {
    nesting += 1
    guard nesting <= TemplateLimits.nesting else { throw fault("nested more than \(TemplateLimits.nesting) deep") }
  }

  mutating func leave() { nesting -= 1 }

  /// The statements up to a tag of one of these names, which is left, or up to the end.
  mutating func statements(until ends: [String]) throws(TokenizerError) -> [TemplateStatement] {
    try enter()
    defer { leave() }
    let begin = tag
    var statements: [TemplateStatement] = []
    while true {
      let offset = token.offset
      switch token.kind {
      case .data(let text):
        advance()
        statements.append(TemplateStatement(form: .text(text), offset: offset))
      case .outputBegin:
        advance()
        let value = try expressions()
        try expect(.outputEnd, "\"}}\"")
        statements.append(TemplateStatement(form: .output(value), offset: offset))
      case .statementBegin:
        tag = offset
        if case .name(let name) = next().kind, ends.contains(name) {
          advance()
          return statements
        }
        advance()
        statements += try statement()
        try expect(.statementEnd, "\"%}\"")
      default:
        guard ends.isEmpty else {
          throw source.fault(at: begin, "the block that begins here does not end; close it by {% \(ends.last ?? "") %}")
        }
        return statements
      }
    }
  }

  /// The statements of a block whose tag was read but for its end, with the end's name; its tag is open.
  mutating func body(until ends: String...) throws(TokenizerError) -> [TemplateStatement] {
    _ = skip(sign: ":")
    try expect(.statementEnd, "\"%}\"")
    return try statements(until: ends)
  }
}
