/// How a conversation becomes the text that a model was trained on: a program in Jinja, as models come with.
///
///     let template = try ChatTemplate(source)
///     let parts = try template.prompt([.init(.user, "Hi")], names: ["bos_token": "<s>"], at: moment)
///
/// The text is that of transformers' `apply_chat_template` with a generation prompt and without tools; what a template
/// may do is bounded (`TemplateLimits`), so that one of a stranger's ends.
public struct ChatTemplate: Sendable {
  private let source: TemplateSource
  private let statements: [TemplateStatement]

  /// Reads a program.
  ///
  /// - Throws: ``TokenizerError/template(line:column:reason:)`` where it is none, or needs what is not supported.
  /// - Complexity: O(n).
  public init(_ source: String) throws(TokenizerError) {
    self.source = try TemplateSource(source)
    statements = try TemplateParser.statements(of: self.source)
  }

  /// A message of a conversation.
  public struct Message: Hashable, Sendable {
    /// Who speaks.
    public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
      case system, user, assistant
    }

    /// Who speaks.
    public var role: Role
    /// The text of the message.
    public var content: String

    /// A message.
    public init(_ role: Role, _ content: String) { (self.role, self.content) = (role, content) }
  }

  /// A value that a template asks for by name, such as `enable_thinking`.
  public enum Setting: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int)
    case text(String)

    fileprivate var value: TemplateValue {
      switch self {
      case .boolean(let value): .boolean(value)
      case .integer(let value): .integer(value)
      case .text(let text): .text(text)
      }
    }
  }

  /// The text of a conversation.
  ///
  /// - Parameters:
  ///   - messages: what was said so far.
  ///   - names: the texts of special tokens by their names, such as `bos_token`.
  ///   - settings: further variables of the template.
  ///   - moment: the date and time that the template may write.
  ///   - asksAnswer: whether the text goes on to where the assistant's next message begins.
  /// - Returns: what the template writes, and the messages as contents.
  /// - Throws: ``TokenizerError/template(line:column:reason:)`` where the program fails or goes on beyond a limit,
  ///   ``TokenizerError/refusedByTemplate(_:)`` where it refuses the conversation.
  public func prompt(
    _ messages: [Message], names: [String: String], settings: [String: Setting] = [:], at moment: Moment,
    asksAnswer: Bool = true
  ) throws(TokenizerError) -> [PromptPart] {
    var variables: [String: TemplateValue] = names.mapValues { .text($0) }
    variables["messages"] = .list(
      TemplateList(
        messages.map { message in
          .mapping(
            TemplateMapping([
              ("role", .text(message.role.rawValue)),
              ("content", .text(TemplateText(message.content, isContent: true))),
            ]))
        }))
    variables["tools"] = TemplateValue.none
    variables["documents"] = TemplateValue.none
    variables["add_generation_prompt"] = .boolean(asksAnswer)
    for (name, setting) in settings { variables[name] = setting.value }
    return try parts(variables, size: messages.reduce(0) { $0 + $1.content.unicodeScalars.count }, at: moment)
  }

  /// The prompt that the template writes with these variables.
  func parts(
    _ variables: [String: TemplateValue], size: Int, at moment: Moment
  ) throws(TokenizerError) -> [PromptPart] {
    let run = TemplateRun(source, variables: variables, size: size, moment: moment)
    _ = try run.run(statements)
    return run.output.parts
  }

  /// The special token by which the template ends an answer; nil where it has none.
  ///
  /// The conversation is written with an answer, and it is the first special token behind that.
  public func answerEnd(
    of messages: [Message], names: [String: String], settings: [String: Setting] = [:], at moment: Moment,
    _ tokenizer: PieceTokenizer
  ) -> Int? {
    let answer = "Yes"
    let parts = try? prompt(
      messages + [Message(.assistant, answer)], names: names, settings: settings, at: moment, asksAnswer: false)
    guard let parts, let place = parts.lastIndex(where: { $0.isContent && $0.text == answer }) else { return nil }
    let rest = parts[(place + 1)...].map(\.text).joined().drop(while: \.isWhitespace)
    let names = tokenizer.definition.added.filter { $0.isSpecial && rest.utf8.starts(with: $0.content) }
    return names.max { $0.content.count < $1.content.count }?.token
  }
}
