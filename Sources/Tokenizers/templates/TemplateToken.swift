import JSONText

/// A part of a template's source.
struct TemplateToken: Sendable {
  /// The kind of a token.
  enum Kind: Hashable, Sendable {
    /// Text between tags.
    case data(TemplateText)
    case outputBegin, outputEnd, statementBegin, statementEnd
    case name(String)
    case text(TemplateText)
    case integer(Int)
    case float(Double)
    case sign(String)
    case end
  }

  let kind: Kind
  /// Where it begins in the source.
  let offset: Int

  /// The token in words, for messages.
  var description: String {
    switch kind {
    case .data: "text"
    case .outputBegin: "\"{{\""
    case .outputEnd: "\"}}\""
    case .statementBegin: "\"{%\""
    case .statementEnd: "\"%}\""
    case .name(let name): "\"\(name.oneLine(limit: 48))\""
    case .text(let text): "the string \"\(text.string.oneLine(limit: 48))\""
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .sign(let sign): "\"\(sign)\""
    case .end: "the end of the template"
    }
  }
}
