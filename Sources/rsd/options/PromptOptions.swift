import ArgumentParser
import Checkpoints
import Foundation
import Generation
import SpeculativeDecoding
import Tokenizers
import Transformer

/// The prompts to decode from.
struct PromptOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The text to continue, after the model's begin token; empty by default. It is not printed again.",
      valueName: "text"))
  var prompt: String?

  @Option(
    help: ArgumentHelp(
      "A file with the text to continue, without its last line's end; - for standard input.", valueName: "file"))
  var promptFile: String?

  @Option(
    help: NumberLimit.promptTokens.help(
      "The tokens to continue, such as 1,2,3, for a model without a known tokenizer", valueName: "tokens"),
    transform: NumberLimit.promptTokens.list)
  var promptTokens: IntegerList?

  @Option(
    help: ArgumentHelp(
      "A file with a prompt a line, taken in turn (--compare, --sweep).", valueName: "file"))
  var prompts: String?

  @OptionGroup var chat: ChatOptions

  func validate() throws {
    if chat.chat, prompt == nil, promptFile == nil, prompts == nil, chat.messages == nil {
      throw ValidationError("--chat asks a question; add --prompt, --prompt-file, --prompts or --messages")
    }
    let given = [
      prompt.map { _ in "--prompt" }, promptFile.map { _ in "--prompt-file" },
      promptTokens.map { _ in "--prompt-tokens" }, prompts.map { _ in "--prompts" },
    ].compactMap { $0 }
    if given.count > 1 { throw ValidationError("\(given[0]) and \(given[1]) are two ways to say it; leave one out") }
  }

  /// The prompts as tokens, at least one.
  ///
  /// The token that ends an answer becomes one of the pair's end tokens, unless `ignoreEnd`.
  func tokens(
    for pair: inout TransformerPair, _ tokenizer: (any Tokenizer)?, model: String, ignoreEnd: Bool = false
  ) throws -> [[Token]] {
    let configured = pair.target.configuration.beginToken.map { [$0] } ?? []
    let begin = (tokenizer as? PieceTokenizer)?.definition.beginTokens ?? configured
    if let promptTokens {
      try require(promptTokens.values, of: pair, "--prompt-tokens")
      return [promptTokens.values]
    }
    if let prompts, tokenizer == nil, !chat.chat { return try tokenLines(of: prompts, for: pair) }
    // A model continues something: where its tokenizer begins no text, the configuration's begin token does.
    let emptyText = begin.isEmpty ? configured : begin
    guard let option else { return [emptyText] }
    guard let tokenizer else {
      throw failure(
        .badData,
        "\(option): \(model) has \(pair.target.vocabularySize) tokens and no tokenizer; "
          + "give one by --tokenizer, or the text as tokens by --prompt-tokens")
    }
    let texts = try texts()
    Self.warn(of: texts.compactMap { $0 }.joined(), tokenizer)
    return try texts.map { text in
      guard chat.chat else {
        let text = text ?? ""
        let tokens = begin + tokenizer.encode(text)
        return tokens.isEmpty ? emptyText : tokens
      }
      let conversation = try chat.prompt(text, tokenizer, model: model)
      if !ignoreEnd, let end = conversation.end, !pair.endTokens.contains(end) {
        pair = try pair.ending(at: pair.endTokens + [end])
      }
      return conversation.tokens
    }
  }

  /// The option that gives texts.
  private var option: String? {
    if prompt != nil { return "--prompt" }
    if promptFile != nil { return "--prompt-file" }
    return prompts != nil ? "--prompts" : chat.messages.map { _ in "--messages" }
  }

  /// The texts; `nil` where a conversation has it all.
  private func texts() throws -> [String?] {
    if let prompt { return [prompt] }
    if let prompts { return try lines(of: prompts) }
    guard let promptFile else { return [nil] }
    var text = try Files.text(promptFile, "; write the prompt in UTF-8")
    // An editor ends the last line, and `echo` does: nobody means it as a part of the prompt.
    if text.last?.isNewline == true { text.removeLast() }
    return [text]
  }

  /// Says what of a text the model will not see: some vocabularies lack the tokens of some bytes.
  static func warn(of text: String, _ tokenizer: any Tokenizer) {
    guard let lost = (tokenizer as? PieceTokenizer)?.lostBytes, let byte = text.utf8.first(where: lost.contains) else {
      return
    }
    let hexadecimal = String(byte, radix: 16, uppercase: true)
    StandardError.line("the tokenizer has no token for the byte 0x\(hexadecimal); it is left out of the text")
  }

  private func lines(of file: String) throws -> [String] {
    let text = try Files.text(file, "; write a prompt a line")
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard !lines.isEmpty else { throw failure(.badData, "\(file): holds no prompt; write one a line") }
    return lines
  }

  private func tokenLines(of file: String, for pair: TransformerPair) throws -> [[Token]] {
    try lines(of: file).enumerated().map { number, line in
      guard let list = try? IntegerList(argument: line) else {
        throw failure(
          .badData,
          "\(file), line \(number + 1): a prompt for a model without a known tokenizer is tokens, such as 1,2,3")
      }
      try require(list.values, of: pair, "\(file), line \(number + 1)")
      return list.values
    }
  }

  private func require(_ tokens: [Token], of pair: TransformerPair, _ place: String) throws {
    let vocabulary = pair.target.vocabularySize
    for token in tokens where !(0..<vocabulary).contains(token) {
      throw failure(.badData, "\(place): token \(token) is out of range; the vocabulary is 0...\(vocabulary - 1)")
    }
  }
}
