import JSONText

/// A fault of a chat template; one of a tokenizer's file is a `CheckpointError`.
public enum TokenizerError: Error, Hashable, Sendable {
  /// A chat template breaks the grammar, fails as it runs, or needs what is not supported; line and column from 1.
  case template(line: Int, column: Int, reason: String)
  /// A chat template refuses the conversation, in its own words.
  case refusedByTemplate(String)
}

extension TokenizerError: CustomStringConvertible {
  /// One line: what, where, and how to mend it.
  public var description: String {
    switch self {
    case .template(let line, let column, let reason): "chat template, line \(line), column \(column): \(reason)"
    case .refusedByTemplate(let message): "the chat template refuses the conversation: \(message.oneLine(limit: 400))"
    }
  }
}
