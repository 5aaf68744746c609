import ArgumentParser
import Checkpoints
import Foundation
import JSONText
import SpeculativeDecoding
import Tokenizers

struct Tokenize: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the tokens of a text, or the text of tokens.",
    usage: "rsd tokenize --model <model> --text <text> [<options>]",
    discussion: """
      The model's weights are not read. No begin or end token is added. Special tokens that are spelled out in the text \
      become these tokens, unless --plain. With --json one object: the tokens, the text of each as "pieces", in which \
      bytes that are no UTF-8 are U+FFFD, and its bytes in hexadecimal as "bytes".
      """)

  @Option(
    help: ArgumentHelp("The model: a Hugging Face folder, a GGUF file, or king-james-target.", valueName: "model"))
  var model: String?

  @OptionGroup var tokenizers: TokenizerOptions

  @Option(help: ArgumentHelp("The text.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("A file with the text; - for standard input.", valueName: "file"))
  var file: String?

  @Option(
    help: NumberLimit.decode.help("Tokens whose text is printed, such as 1,2,3", valueName: "tokens"),
    transform: NumberLimit.decode.list)
  var decode: IntegerList?

  @Flag(help: "Take special tokens in the text for text.")
  var plain = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if model == nil, tokenizers.tokenizer == nil { throw ValidationError("name a --model or a --tokenizer") }
    if model != nil, tokenizers.tokenizer != nil {
      throw ValidationError("--model and --tokenizer both name a tokenizer; leave one out")
    }
    let given = [text.map { _ in "--text" }, file.map { _ in "--file" }, decode.map { _ in "--decode" }]
      .compactMap { $0 }
    if given.isEmpty { throw ValidationError("nothing to do; give --text, --file or --decode") }
    if given.count > 1 { throw ValidationError("\(given[0]) and \(given[1]) are two ways to say it; leave one out") }
    if plain, decode != nil { throw ValidationError("--plain is about texts; leave it out with --decode") }
  }

  func run() async throws {
    let name = tokenizers.tokenizer ?? model ?? ""
    guard let tokenizer = try tokenizers.tokenizer(of: name, vocabulary: nil) else {
      throw failure(.badData, "\(name): holds no tokenizer that is read here; give one by --tokenizer")
    }
    if let decode {
      for token in decode.values where !(0..<tokenizer.vocabularySize).contains(token) {
        throw failure(
          .badData,
          "--decode: token \(token) is out of range; the vocabulary is 0...\(tokenizer.vocabularySize - 1)")
      }
      return write(TokenList(decode.values, tokenizer, isFirst: true), decoded: true)
    }
    let text = try readText()
    PromptOptions.warn(of: text, tokenizer)
    write(TokenList(tokenizer.encode(text, allowSpecial: !plain), tokenizer, isFirst: false), decoded: false)
  }

  private func readText() throws -> String {
    if let text { return text }
    guard let file else { return "" }
    return try Files.text(file)
  }

  private func write(_ list: TokenList, decoded: Bool) {
    if json { return Output.write(Data(list.json.utf8)) }
    if decoded {
      let text = Terminal.outputIsTerminal ? TextWriter.harmless(list.text) : list.text
      return Output.write(Data(text.utf8) + (Terminal.outputIsTerminal ? Data("\n".utf8) : Data()))
    }
    Output.write(Data(list.table.utf8))
  }
}

/// Tokens and what each stands for.
private struct TokenList {
  let tokens: [Token]
  /// The text of all, special tokens by their names.
  let text: String
  private let bytes: [[UInt8]]
  private let special: [Bool]

  init(_ tokens: [Token], _ tokenizer: any Tokenizer, isFirst: Bool) {
    self.tokens = tokens
    bytes = tokens.map { tokenizer.bytes(of: $0) }
    special = tokens.map { tokenizer.isSpecial($0) }
    var stream = StreamingText(tokenizer, isFirst: isFirst, showsSpecial: true)
    text = tokens.reduce(into: "") { $0 += stream.append($1) } + stream.finish()
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// One line, in the order in which a reader wants it.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let strings = { (texts: [String]) in
      String(decoding: (try? encoder.encode(texts)) ?? Data("[]".utf8), as: UTF8.self)
    }
    let numbers = tokens.map(String.init).joined(separator: ",")
    let pieces = bytes.map { String(decoding: $0, as: UTF8.self) }
    return "{\"tokens\":[\(numbers)],\"pieces\":\(strings(pieces)),\"bytes\":\(strings(bytes.map(Self.hexadecimal)))}\n"
  }

  /// A row a token; what is no text of its own is shown by its bytes.
  var table: String {
    var lines: [String] = []
    for (index, token) in tokens.enumerated() {
      let number = Terminal.padded(String(token), to: 8, right: true)
      if let piece = String(validating: bytes[index], as: UTF8.self) {
        lines.append("\(number)  \(Self.quoted(piece))\(special[index] ? "  special" : "")\n")
      } else {
        lines.append("\(number)  bytes \(Self.hexadecimal(bytes[index]))\n")
      }
    }
    return lines.joined() + "\(tokens.count) tokens\n"
  }

  private static func quoted(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": escaped.append(contentsOf: ["\\", scalar])
      case "\n": escaped.append(contentsOf: ["\\", "n"])
      case "\t": escaped.append(contentsOf: ["\\", "t"])
      default: escaped.append(scalar)
      }
    }
    return "\"\(String(escaped).oneLine(limit: .max))\""
  }
}
