import ArgumentParser
import SpeculativeDecoding
import Transformer

/// A prompt as a user's message.
struct ChatOptions: ParsableArguments {
  @Flag(help: "Ask the prompt as a user's message, by the model's chat template.")
  var chat = false

  @Option(help: ArgumentHelp("The system message; the template's own by default.", valueName: "text"))
  var system: String?

  @Option(
    help: ArgumentHelp(
      "A template instead of the model's: \(ChatTemplate.named.map(\.name).joined(separator: ", ")).", valueName: "name"
    ),
    transform: { name in
      guard let template = ChatTemplate.named.first(where: { $0.name == name })?.template else {
        throw ValidationError("templates are \(ChatTemplate.named.map(\.name).joined(separator: ", "))")
      }
      return template
    })
  var chatTemplate: ChatTemplate?

  func validate() throws {
    if !chat, system != nil { throw ValidationError("--system is a message of a conversation; add --chat") }
    if !chat, chatTemplate != nil { throw ValidationError("--chat-template is a conversation's; add --chat") }
  }

  /// A conversation that waits for its answer.
  struct Prompt {
    let tokens: [Token]
    /// The token by which the answer ends.
    let end: Token
  }

  /// The prompt as a conversation of one turn.
  func prompt(_ text: String, _ tokenizer: (any Tokenizer)?, model: String) throws -> Prompt {
    guard let tokenizer = tokenizer as? PieceTokenizer else {
      throw failure(.badData, "--chat: \(model) has no tokenizer with a chat template; leave --chat out")
    }
    let template = try template(of: tokenizer, model: model)
    let names = tokenizer.definition.namedTokens
    let (begin, end) = (names["bos_token"] ?? "", names["eos_token"] ?? "")
    let endName = template.endToken(end: end)
    guard let endToken = tokenizer.token(spelled: endName), tokenizer.isSpecial(endToken) else {
      throw failure(
        .badData,
        "--chat: answers end with \"\(endName.oneLine())\", which is no special token of \(model); the template is another "
          + "model's, or the tokenizer does not say which token ends a text")
    }
    var messages = [ChatTemplate.Message(.user, text)]
    if let system { messages.insert(.init(.system, system), at: 0) }
    return Prompt(tokens: tokenizer.encode(template.prompt(messages, begin: begin, end: end)), end: endToken)
  }

  private func template(of tokenizer: PieceTokenizer, model: String) throws -> ChatTemplate {
    if let chatTemplate { return chatTemplate }
    let names = ChatTemplate.named.map(\.name).joined(separator: ", ")
    guard let source = tokenizer.definition.chatTemplate else {
      throw failure(
        .badData, "--chat: \(model) has no chat template; if it was trained on one of \(names), add --chat-template")
    }
    guard let template = ChatTemplate(recognizing: source) else {
      throw failure(
        .badData,
        "--chat: the chat template of \(model) is not understood (it is a program, and not one of the known); add "
          + "--chat-template (\(names)), or write the conversation as --prompt, in which special tokens are read")
    }
    return template
  }
}
