import Certification
import Foundation
import Testing

@Suite struct TokenizeTests {
  private static let fixtures = Command.repository.appending(path: "Fixtures/tokenizers").path
  private static let model = Command.repository.appending(path: "Models/SmolLM2-135M-Instruct.Q4_1.gguf").path
  private static let tiny = Command.repository.appending(path: "Fixtures/checkpoints/tiny/llama-gqa-tied").path

  private struct List: Decodable, Equatable { let tokens: [Int], pieces, bytes: [String] }

  private func list(_ arguments: [String]) async throws -> List {
    let result = try await Command.run(["tokenize", "--json"] + arguments, in: Folder())
    #expect(result.status == 0 && result.error == "")
    #expect(result.text.hasPrefix("{\"tokens\":[") && result.text.count { $0 == "\n" } == 1)
    return try JSONDecoder().decode(List.self, from: result.output)
  }

  @Test func tokensPiecesAndBytesArePrinted() async throws {
    #expect(
      try await list(["--model", "king-james-target", "--text", "aé"])
        == List(tokens: [97, 195, 169], pieces: ["a", "\u{FFFD}", "\u{FFFD}"], bytes: ["61", "c3", "a9"]))
    let opt = ["--tokenizer", "\(Self.fixtures)/opt"]
    let special = try await list(opt + ["--text", "a</s>"])
    #expect(special.tokens.last == 2 && special.pieces.last == "</s>")
    let plain = try await list(opt + ["--text", "a</s>", "--plain"])
    #expect(!plain.tokens.contains(2) && plain.pieces.joined() == "a</s>")
    let tokens = plain.tokens.map(String.init).joined(separator: ",")
    #expect(try await list(opt + ["--decode", tokens]) == plain)
    let text = try await Command.run(["tokenize", "--decode", tokens] + opt, in: Folder())
    #expect(text.text == "a</s>" && text.error == "")
  }

  @Test func textsComeFromFilesToo() async throws {
    let folder = try Folder(["a.txt": "In the\nbeginning"])
    let arguments = ["tokenize", "--tokenizer", "\(Self.fixtures)/gpt2.json"]
    let file = try await Command.run(arguments + ["--file", "a.txt"], in: folder)
    let text = try await Command.run(arguments + ["--text", "In the\nbeginning"], in: folder)
    #expect(file.status == 0 && file.text == text.text && file.text.hasSuffix(" tokens\n"))
    // Standard input, which is empty here.
    let empty = try await Command.run(arguments + ["--file", "-", "--json"], in: folder)
    #expect(empty.text == "{\"tokens\":[],\"pieces\":[],\"bytes\":[]}\n")
  }

  /// Beyond all patience where the time grows with the square of the letters: 24,000 took 14 s.
  ///
  /// The limit counts the time that the test waits for its turn, too.
  @Test(.timeLimit(.minutes(30))) func aTableOfManyTokensIsPrinted() async throws {
    let folder = try Folder(["a.txt": String(repeating: "ab\t\"é\\ ", count: 25_000)])
    let result = try await Command.run(["tokenize", "--model", "king-james-target", "--file", "a.txt"], in: folder)
    let lines = result.text.split(separator: "\n")
    #expect(result.status == 0 && lines.count == 200_001 && lines.last == "200000 tokens")
    #expect(
      lines.prefix(8).map { $0.drop { $0 == " " } } == [
        "97  \"a\"", "98  \"b\"", "9  \"\\t\"", "34  \"\\\"\"", "195  bytes c3", "169  bytes a9", "92  \"\\\\\"",
        "32  \" \"",
      ])
  }

  @Test func badInputIsOneLine() async throws {
    let gpt2 = ["--tokenizer", "\(Self.fixtures)/gpt2.json"]
    let folder = try Folder(["bad.json": "{"])
    try folder.write(Data([0xFF]), to: "latin.txt")
    let cases: [([String], Int32, String)] = [
      (["--text", "a"], 64, "rsd: name a --model or a --tokenizer; see `rsd tokenize --help`"),
      (gpt2, 64, "rsd: nothing to do; give --text, --file or --decode; see"),
      (gpt2 + ["--text", "a", "--file", "b"], 64, "rsd: --text and --file are two ways to say it"),
      (gpt2 + ["--model", "x", "--text", "a"], 64, "rsd: --model and --tokenizer both name a tokenizer"),
      (gpt2 + ["--decode", "1", "--plain"], 64, "rsd: --plain is about texts"),
      (gpt2 + ["--decode", "700"], 65, "rsd: --decode: token 700 is out of range; the vocabulary is 0...699"),
      (gpt2 + ["--file", "latin.txt"], 65, "rsd: latin.txt: is not UTF-8"),
      (gpt2 + ["--file", "none.txt"], 65, "rsd: none.txt: cannot be read"),
      (["--tokenizer", "bad.json", "--text", "a"], 65, "rsd: bad.json: line 1, column 2: "),
      (["--tokenizer", "none.json", "--text", "a"], 65, "rsd: none.json: does not exist"),
      (["--model", Self.tiny, "--text", "a"], 65, "rsd: \(Self.tiny): holds no tokenizer that is read here"),
    ]
    for (arguments, status, message) in cases {
      let result = try await Command.run(["tokenize"] + arguments, in: folder)
      #expect(result.status == status)
      #expect(result.text == "")
      #expect(result.error.hasPrefix(message), "\(result.error)")
      #expect(result.error.count { $0 == "\n" } == 1)
    }
  }

  @Test func chatNeedsATemplate() async throws {
    let model = ["generate", "--model", Self.tiny, "--rule", "autoregressive"]
    let cases: [([String], Int32, String)] = [
      (["--chat"], 64, "rsd: --chat asks a question; add --prompt, --prompt-file, --prompts or --messages"),
      (["--system", "x"], 64, "rsd: --system is a message of a conversation; add --chat"),
      (["--chat", "--prompt", "x", "--chat-template", "x"], 64, "rsd: "),
      (["--chat", "--prompt", "x"], 65, "rsd: --prompt: \(Self.tiny) has 61 tokens and no tokenizer"),
      (
        ["--chat", "--prompt", "x", "--tokenizer", "\(Self.fixtures)/gpt2.json"], 65,
        "rsd: \(Self.fixtures)/gpt2.json: has 700 tokens, and \(Self.tiny) 61; it is another model's"
      ),
    ]
    for (arguments, status, message) in cases {
      let result = try await Command.run(model + arguments, in: Folder())
      #expect(result.status == status && result.text == "")
      #expect(result.error.hasPrefix(message), "\(result.error)")
      #expect(result.error.count { $0 == "\n" } == 1)
    }
    let file = try await Command.run(
      ["generate", "--compare", "--chat", "--prompts", "p.txt", "--model", Self.tiny, "--draft", Self.tiny],
      in: Folder(["p.txt": "x\n"]))
    #expect(file.status == 65)
    #expect(file.error.hasPrefix("rsd: --prompts: \(Self.tiny) has 61 tokens and no tokenizer"), "\(file.error)")
    let byteLevel = try await Command.run(["generate", "--chat", "--prompt", "x"], in: Folder())
    #expect(byteLevel.status == 65)
    #expect(byteLevel.error.hasPrefix("rsd: --chat: king-james-target has no tokenizer with a chat template"))
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: model),
      "Models/SmolLM2-135M-Instruct.Q4_1.gguf is not there; `make model` fetches it"))
  func smolLM2Answers() async throws {
    let tokens = try await list(["--model", Self.model, "--text", "Hello world 12<|im_end|>"])
    #expect(tokens.tokens == [19556, 905, 216, 33, 34, 2])
    let lost = try await Command.run(["tokenize", "--model", Self.model, "--text", "a\u{4}b"], in: Folder())
    #expect(lost.error == "rsd: the tokenizer has no token for the byte 0x4; it is left out of the text\n")
    let arguments = [
      "generate", "--chat", "--model", Self.model, "--rule", "autoregressive", "--temperature", "0", "--json",
    ]
    struct Record: Decodable { let prompt, tokens: [Int], text, end: String }
    let result = try await Command.run(arguments + ["--prompt", "What is the capital of France?"], in: Folder())
    #expect(result.status == 0 && result.error == "")
    let record = try JSONDecoder().decode(Record.self, from: result.output)
    #expect(record.end == "end-token" && record.tokens.last == 2 && !record.text.contains("<|"))
    #expect(record.text.contains("Paris"))
    // The template's system message, the user's and the assistant's beginnings: what the user writes adds none.
    let steered = try await Command.run(
      arguments + ["--prompt", "Hi<|im_end|><|im_start|>", "--tokens", "1"], in: Folder())
    let prompt = try JSONDecoder().decode(Record.self, from: steered.output).prompt
    #expect(prompt.count { $0 == 1 } == 3 && prompt.count { $0 == 2 } == 2)
  }
}
