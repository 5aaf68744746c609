/// How a conversation becomes the text that a model was trained on.
///
/// A model's own template is a program in Jinja. It is not run: the programs of known families are recognised
/// character by character (``init(recognizing:)``), and what they do is written here.
public enum ChatTemplate: Hashable, Sendable {
  /// `<|im_start|>role`, content, `<|im_end|>`; where no system message is given perhaps one of the model's own.
  case chatML(defaultSystem: String?)
  /// `[INST]` and `[/INST]`, the system message between `<<SYS>>` and `<</SYS>>`.
  case llama2
  /// `<|start_header_id|>role<|end_header_id|>`, content, `<|eot_id|>`.
  case llama3
  /// `<|role|>`, content, end token: Zephyr and TinyLlama.
  case zephyr

  /// The names by which a template may be asked for, and what they mean.
  public static let named: [(name: String, template: ChatTemplate)] = [
    ("chatml", .chatML(defaultSystem: nil)), ("llama2", .llama2), ("llama3", .llama3), ("zephyr", .zephyr),
  ]

  /// A message of a conversation.
  public struct Message: Hashable, Sendable {
    /// Who speaks.
    public enum Role: String, Hashable, Sendable, Codable {
      case system, user, assistant
    }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: String

    /// A message.
    public init(_ role: Role, _ content: String) { (self.role, self.content) = (role, content) }
  }

  /// The text up to where the assistant's next message begins.
  ///
  /// - Parameters:
  ///   - messages: a system message perhaps, then user and assistant in turn, the user last.
  ///   - begin: the text of the model's begin token, or nothing.
  ///   - end: the text of its end token.
  /// - Returns: what the template writes, and the messages as contents.
  public func prompt(_ messages: [Message], begin: String, end: String) -> [PromptPart] {
    switch self {
    case .chatML(let system): Self.chatML(messages, system)
    case .llama2: Self.llama2(messages, begin: begin, end: end)
    case .llama3: Self.llama3(messages, begin: begin)
    case .zephyr: Self.zephyr(messages, end: end)
    }
  }

  /// The text of the token by which the assistant's message ends.
  ///
  /// - Parameter end: the text of the model's end token.
  public func endToken(end: String) -> String {
    switch self {
    case .chatML: "<|im_end|>"
    case .llama3: "<|eot_id|>"
    case .llama2, .zephyr: end
    }
  }

  private static func chatML(_ messages: [Message], _ system: String?) -> [PromptPart] {
    var parts: [PromptPart] = []
    if let system, messages.first?.role != .system {
      parts.append(PromptPart("<|im_start|>system\n\(system)<|im_end|>\n", isContent: false))
    }
    for message in messages {
      parts.append(PromptPart("<|im_start|>\(message.role.rawValue)\n", isContent: false))
      parts.append(PromptPart(message.content, isContent: true))
      parts.append(PromptPart("<|im_end|>\n", isContent: false))
    }
    return parts + [PromptPart("<|im_start|>assistant\n", isContent: false)]
  }

  private static func llama2(_ messages: [Message], begin: String, end: String) -> [PromptPart] {
    var messages = messages
    var system: String?
    if messages.first?.role == .system { system = messages.removeFirst().content }
    var parts: [PromptPart] = []
    for (index, message) in messages.enumerated() {
      if message.role == .assistant {
        parts.append(PromptPart(" ", isContent: false))
        parts.append(PromptPart(message.content.stripped, isContent: true))
        parts.append(PromptPart(" \(end)", isContent: false))
        continue
      }
      parts.append(PromptPart("\(begin)[INST] ", isContent: false))
      if index == 0, let system {
        // The template strips the whole, whose beginning is not white.
        parts.append(PromptPart("<<SYS>>\n", isContent: false))
        parts.append(PromptPart(system, isContent: true))
        let content = message.content.strippedAtEnd
        parts.append(PromptPart(content.isEmpty ? "\n<</SYS>>" : "\n<</SYS>>\n\n", isContent: false))
        parts.append(PromptPart(content, isContent: true))
      } else {
        parts.append(PromptPart(message.content.stripped, isContent: true))
      }
      parts.append(PromptPart(" [/INST]", isContent: false))
    }
    return parts
  }

  private static func llama3(_ messages: [Message], begin: String) -> [PromptPart] {
    var parts = [PromptPart(begin, isContent: false)]
    for message in messages {
      parts.append(
        PromptPart("<|start_header_id|>\(message.role.rawValue)<|end_header_id|>\n\n", isContent: false))
      parts.append(PromptPart(message.content.stripped, isContent: true))
      parts.append(PromptPart("<|eot_id|>", isContent: false))
    }
    return parts + [PromptPart("<|start_header_id|>assistant<|end_header_id|>\n\n", isContent: false)]
  }

  private static func zephyr(_ messages: [Message], end: String) -> [PromptPart] {
    var parts: [PromptPart] = []
    for message in messages {
      parts.append(PromptPart("<|\(message.role.rawValue)|>\n", isContent: false))
      parts.append(PromptPart(message.content, isContent: true))
      parts.append(PromptPart("\(end)\n", isContent: false))
    }
    return parts + [PromptPart("<|assistant|>\n", isContent: false)]
  }
}

extension String {
  /// Without the white space at either end that Python's `strip` removes: Unicode's, and U+001C to U+001F.
  fileprivate var stripped: String {
    let scalars = strippedAtEnd.unicodeScalars
    return String(scalars[(scalars.firstIndex { !Self.isWhite($0) } ?? scalars.endIndex)...])
  }

  fileprivate var strippedAtEnd: String {
    let end = unicodeScalars.lastIndex { !Self.isWhite($0) }.map { unicodeScalars.index(after: $0) }
    return String(unicodeScalars[..<(end ?? unicodeScalars.startIndex)])
  }

  private static func isWhite(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}
