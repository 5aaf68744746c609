import ArgumentParser
import Checkpoints
import Foundation
import JSONText
import SpeculativeDecoding
import Tokenizers

/// A prompt as a message of a conversation.
struct ChatOptions: ParsableArguments {
  @Flag(help: "Ask the prompt as a user's message, by the model's chat template.")
  var chat = false

  @Option(help: ArgumentHelp("The system message; the template's own by default.", valueName: "text"))
  var system: String?

  @Option(
    help: ArgumentHelp(
      "What was said before: a JSON list of objects with role (system, user, assistant) and content.",
      valueName: "file"))
  var messages: String?

  @Option(
    help: ArgumentHelp(
      "A template instead of the model's: \(Self.names), or a file in Jinja.", valueName: "name|file"))
  var chatTemplate: String?

  @Option(
    help: ArgumentHelp(
      "A variable of the template, such as enable_thinking=false; true, false, whole numbers and texts.",
      valueName: "name=value"),
    transform: Variable.init(argument:))
  var chatVariable: [Variable] = []

  @Option(
    help: ArgumentHelp(
      "The date that the template may write, such as 2026-11-30; today by default.", valueName: "date"),
    transform: Self.moment)
  var date: ChatTemplate.Moment?

  private static let names = ChatTemplate.named.map(\.name).joined(separator: ", ")

  /// A variable of a template.
  struct Variable {
    let name: String
    let value: ChatTemplate.Setting

    init(argument: String) throws {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, parts[0] != "messages" else {
        throw ValidationError("a variable is name=value, such as enable_thinking=false")
      }
      name = String(parts[0])
      switch parts[1] {
      case "true": value = .boolean(true)
      case "false": value = .boolean(false)
      case let text: value = Int(text).map { .integer($0) } ?? .text(String(text))
      }
    }
  }

  private static func moment(_ text: String) throws -> ChatTemplate.Moment {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]), let moment = ChatTemplate.Moment(year: year, month: month, day: day)
    else { throw ValidationError("\"\(text.oneLine())\" is no date; write it as 2026-11-30") }
    return moment
  }

  func validate() throws {
    let given = [
      system.map { _ in "--system is a message of a conversation" },
      messages.map { _ in "--messages are a conversation's" },
      chatTemplate.map { _ in "--chat-template is a conversation's" },
      chatVariable.first.map { _ in "--chat-variable is a chat template's" },
      date.map { _ in "--date is for chat templates" },
    ].compactMap { $0 }
    if !chat, let first = given.first { throw ValidationError("\(first); add --chat") }
    if let chatTemplate, !ChatTemplate.named.contains(where: { $0.name == chatTemplate }),
      !FileManager.default.fileExists(atPath: chatTemplate)
    {
      throw ValidationError(
        "--chat-template \(chatTemplate.oneLine()) is no file; templates with names are \(Self.names)")
    }
  }

  /// A conversation that waits for its answer.
  struct Prompt {
    let tokens: [Token]
    /// The token by which the answer ends; nil where the template has none of its own.
    let end: Token?
  }

  /// A conversation, the prompt being its last message.
  func prompt(_ text: String?, _ tokenizer: (any Tokenizer)?, model: String) throws -> Prompt {
    guard let tokenizer = tokenizer as? PieceTokenizer else {
      throw failure(.badData, "--chat: \(model) has no tokenizer with a chat template; leave --chat out")
    }
    let conversation = try conversation(text)
    let moment = date ?? Self.now()
    let names = tokenizer.definition.namedTokens
    let settings = Dictionary(chatVariable.map { ($0.name, $0.value) }) { _, last in last }
    do {
      let template = try ChatTemplate(source(of: tokenizer, model: model))
      let parts = try template.prompt(conversation, names: names, settings: settings, at: moment)
      let end = template.answerEnd(of: conversation, names: names, settings: settings, at: moment, tokenizer)
      // A model's own template may end answers by no special token; one that was asked for is then another model's.
      if end == nil, let chatTemplate {
        throw failure(
          .badData,
          "--chat: --chat-template \(chatTemplate.oneLine()) ends answers by no special token of \(model); it is another "
            + "model's, or the tokenizer does not say which token ends a text")
      }
      return Prompt(tokens: tokenizer.encode(parts), end: end)
    } catch let error as TokenizerError {
      throw failure(.badData, "--chat: \(model): \(error)")
    }
  }

  private func conversation(_ text: String?) throws -> [ChatTemplate.Message] {
    var conversation: [ChatTemplate.Message] = []
    if let messages {
      do {
        conversation = try ChatTemplate.Message.list(json: [UInt8](Files.read(messages)), file: messages)
      } catch let error as CheckpointError {
        throw failure(.badData, error)
      }
      if system != nil, conversation.first?.role == .system {
        throw failure(.badData, "\(messages): begins with a system message; leave --system out, or that message")
      }
    }
    if let system { conversation.insert(.init(.system, system), at: 0) }
    if let text { conversation.append(.init(.user, text)) }
    return conversation
  }

  private func source(of tokenizer: PieceTokenizer, model: String) throws -> String {
    if let chatTemplate {
      if let named = ChatTemplate.named.first(where: { $0.name == chatTemplate }) { return named.source }
      guard let text = String(validating: try Files.read(chatTemplate), as: UTF8.self) else {
        throw failure(.badData, "\(chatTemplate): is not UTF-8; a template is a text")
      }
      return text
    }
    guard let source = tokenizer.definition.chatTemplate else {
      throw failure(
        .badData,
        "--chat: \(model) has no chat template; if it was trained on one of \(Self.names), add --chat-template")
    }
    return source
  }

  private static func now() -> ChatTemplate.Moment {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: Date())
    return ChatTemplate.Moment(
      year: parts.year ?? 1, month: parts.month ?? 1, day: parts.day ?? 1, hour: parts.hour ?? 0,
      minute: parts.minute ?? 0, second: parts.second ?? 0) ?? .epoch
  }
}
