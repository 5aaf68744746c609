import Certification
import Foundation
import TestSupport
import Testing

/// Where `rsd generate` ends a text: at the model's end tokens, or at those that `--end-token` names instead.
@Suite struct EndTokenTests {
  private struct Record: Decodable {
    let tokens: [Int]
    let end: String
    let endToken: Int?
    let endTokenText: String?
  }

  private static let tiny = Command.repository.appending(path: "Fixtures/checkpoints/tiny")

  private func record(_ arguments: [String]) async throws -> Record {
    let result = try await Command.run(["generate", "--json"] + arguments, in: Folder())
    #expect(result.status == 0 && result.error == "", "\(result.error)")
    return try JSONDecoder().decode(Record.self, from: result.output)
  }

  private func closing(_ arguments: [String]) async throws -> String {
    let result = try await Command.run(["generate"] + arguments, in: Folder())
    #expect(result.status == 0)
    return result.error.split(separator: "\n").last.map(String.init) ?? ""
  }

  @Test(.optimised) func aTokenIsNamedByItsTextOrItsNumber() async throws {
    let arguments = ["--prompt", "And God", "--tokens", "120", "--seed", "3"]
    let whole = try await record(arguments)
    let end = try #require(whole.tokens.firstIndex(of: 0x3A))
    #expect(whole.end == "maximum" && whole.endToken == nil)
    for name in [":", "58"] {
      let ended = try await record(arguments + ["--end-token", name])
      #expect(ended.tokens == Array(whole.tokens[...end]))
      #expect(ended.end == "end-token" && ended.endToken == 0x3A && ended.endTokenText == ":")
    }
    #expect(try await closing(arguments + ["--end-token", ":"]) == "The text ends with the end token 58, \":\".")
    // Of several the first that comes ends the text, and is the one that is named.
    let several = try await record(arguments + ["--end-token", "~", "--end-token", " ", "--end-token", ":"])
    let first = try #require(whole.tokens.firstIndex { $0 == 0x20 || $0 == 0x3A })
    #expect(several.tokens == Array(whole.tokens[...first]) && several.endToken == whole.tokens[first])
  }

  /// The end tokens of `config.json` and of `generation_config.json` end a text, and those that are named end it instead.
  @Test func aModelsOwnAreThoseOfBothFiles() async throws {
    let folder = try Folder()
    for name in ["config.json", "model.safetensors"] {
      let file = Self.tiny.appending(path: "llama-gqa-tied/\(name)")
      try FileManager.default.copyItem(at: file, to: folder.url.appending(path: name))
    }
    let arguments = [
      "--model", folder.url.path, "--rule", "autoregressive", "--prompt-tokens", "1,5", "--tokens", "12",
      "--temperature", "0",
    ]
    let free = try await record(arguments + ["--ignore-end"])
    #expect(free.tokens.count == 12)
    let token = free.tokens[3]
    let end = try #require(free.tokens.firstIndex(of: token))
    func write(_ text: String) throws {
      try Data(text.utf8).write(to: folder.url.appending(path: "generation_config.json"))
    }
    try write(#"{"eos_token_id":[2,\#(token)]}"#)
    #expect(try await record(arguments).tokens == Array(free.tokens[...end]))
    #expect(try await closing(arguments) == "The text ends with the end token \(token).")
    try write(#"{"eos_token_id":2}"#)
    let untilTwo = free.tokens.firstIndex(of: 2).map { Array(free.tokens[...$0]) } ?? free.tokens
    #expect(try await record(arguments).tokens == untilTwo)
    // Those that are named replace the model's.
    try write(#"{"eos_token_id":\#(token)}"#)
    let other = try #require((0..<61).first { !free.tokens.contains($0) })
    let named = try await record(arguments + ["--end-token", "\(other)"])
    #expect(named.tokens == free.tokens && named.end == "maximum" && named.endToken == nil)
  }

  @Test(arguments: [
    (["--end-token", "256"], 65, "--end-token 256 is out of range; the vocabulary is 0...255"),
    (
      ["--end-token", "qq"], 65,
      "--end-token: no token of king-james-target is \"qq\"; give a token's whole text, or its number"
    ),
    (
      ["--end-token", ""], 65,
      "--end-token: no token of king-james-target is \"\"; give a token's whole text, or its number"
    ),
    (
      ["--end-token", "a", "--ignore-end"], 64,
      "--end-token names where a text ends, and --ignore-end ends nowhere; leave one out"
    ),
    (
      ["--model", "TINY", "--rule", "autoregressive", "--end-token", "a"], 65,
      "--end-token: TINY has no tokenizer, so that tokens have no text; give a number"
    ),
  ])
  func whatIsNoTokenIsRefused(arguments: [String], status: Int32, line: String) async throws {
    let tiny = Self.tiny.appending(path: "llama-gqa-tied").path
    let arguments = arguments.map { $0 == "TINY" ? tiny : $0 }
    let prompt = arguments.contains("--model") ? ["--prompt-tokens", "1"] : ["--prompt", "a"]
    let result = try await Command.run(["generate"] + arguments + prompt, in: Folder())
    #expect(result.status == status)
    #expect(result.error.contains(line.replacingOccurrences(of: "TINY", with: tiny)), "\(result.error)")
  }

  /// A target of 63 rows and a draft of 61 with one tokenizer of six tokens decode these six alone.
  @Test func tablesThatArePaddedOtherwiseHaveOneVocabulary() async throws {
    let tokenizer = """
      {"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,
       "trim_offsets":true,"use_regex":true},"post_processor":null,"decoder":{"type":"ByteLevel"},"model":{"type":"BPE",
       "vocab":{"a":0,"b":1,"c":2,"d":3,"e":4,"ab":5},"merges":[["a","b"]]}}
      """
    var folders: [Folder] = []
    for name in ["llama-gqa-untied", "llama-gqa-tied"] {
      let folder = try Folder()
      for file in ["config.json", "model.safetensors"] {
        try FileManager.default.copyItem(
          at: Self.tiny.appending(path: "\(name)/\(file)"), to: folder.url.appending(path: file))
      }
      try Data(tokenizer.utf8).write(to: folder.url.appending(path: "tokenizer.json"))
      folders.append(folder)
    }
    for rule in GenerateTests.rules where rule[1] != "autoregressive" {
      let arguments = [
        "--model", folders[0].url.path, "--draft", folders[1].url.path, "--prompt", "abc", "--ignore-end",
      ]
      let record = try await record(rule + arguments)
      // Until the context of 17 tokens is full; of 61 tokens, as good as never are so many below six.
      #expect(record.end == "context" && record.tokens.count > 10 && record.tokens.allSatisfy { $0 < 6 })
    }
  }
}
