import Foundation
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Tokenizers

/// Pre-tokenizers cut as their references do on 12,000 strings, with a vocabulary whose merges cross every cut: a GGUF file's
/// as llama.cpp's, a `tokenizer.json`'s as `tokenizers`'.
@Suite struct PreTokenizerGoldenTests {
  /// `uncut.gguf` with another name of a pre-tokenizer.
  private static func ofGGUF(_ pre: String) throws -> PieceTokenizer {
    var file = GGUFFile()
    file.metadata = try GGUF([UInt8](TokenizerFixtures.data("uncut.gguf")), file: "f").metadata.map {
      ($0.key, $0.value)
    }
    file["tokenizer.ggml.pre"] = .string(Array(pre.utf8))
    return try PieceTokenizer(TokenizerDescription(GGUF(file.bytes, file: "f")))
  }

  /// `uncut.json` with the steps of a name in `steps.json`.
  private static func ofJSON(_ name: String) throws -> PieceTokenizer {
    let steps = try #require(
      JSONSerialization.jsonObject(with: TokenizerFixtures.data("steps.json")) as? [String: [String: Any]])
    let chosen = try #require(steps[name])
    let normalizer = try text(chosen["normalizer"])
    let cuts = try text(chosen["pre_tokenizer"])
    let file = String(decoding: try TokenizerFixtures.data("uncut.json"), as: UTF8.self)
    let start = try #require(file.range(of: "\"normalizer\":")?.lowerBound)
    let end = try #require(file.range(of: ",\"post_processor\":")?.lowerBound)
    let changed = "\(file[..<start])\"normalizer\":\(normalizer),\"pre_tokenizer\":\(cuts)\(file[end...])"
    return try PieceTokenizer(TokenizerDescription(json: Array(changed.utf8), file: "f"))
  }

  private static func text(_ value: Any?) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: value ?? NSNull(), options: .fragmentsAllowed), as: UTF8.self
    )
  }

  @Test(arguments: [
    ("gpt-2", "gpt-2"), ("smollm", "smollm"), ("llama-bpe", "llama-bpe"), ("qwen2", "qwen2"), ("dbrx", "dbrx"),
    ("smaug-bpe", "dbrx"), ("tekken", "tekken"), ("gpt-4o", "gpt-4o"), ("llama4", "gpt-4o"),
    ("deepseek-llm", "deepseek-llm"), ("deepseek-coder", "deepseek-coder"), ("deepseek-v3", "deepseek-v3"),
  ])
  func aGGUFFileIsCutAsByLlamaCpp(pre: String, golden: String) throws {
    let differences = try TokenizerFixtures.differences(Self.ofGGUF(pre), "llamacpp-\(golden)")
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  @Test(arguments: ["tekken", "gpt-4o", "deepseek-llm", "deepseek-coder", "deepseek-v3", "nfc"])
  func aTokenizerFileIsCutAsByTokenizers(name: String) throws {
    let differences = try TokenizerFixtures.differences(Self.ofJSON(name), "uncut-\(name)")
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  /// No golden is another's by mistake.
  @Test func everyGoldenIsItsOwn() throws {
    let names =
      [
        "gpt-2", "smollm", "llama-bpe", "qwen2", "dbrx", "tekken", "gpt-4o", "deepseek-llm", "deepseek-coder",
        "deepseek-v3",
      ]
      .map { "llamacpp-\($0)" }
      + ["tekken", "gpt-4o", "deepseek-llm", "deepseek-coder", "deepseek-v3", "nfc"].map { "uncut-\($0)" }
    let goldens = try names.map { try TokenizerFixtures.goldens($0).map(\.hash) }
    #expect(goldens.allSatisfy { $0.count == TokenizerFixtures.strings.count })
    #expect(Set(goldens).count == names.count)
  }
}
