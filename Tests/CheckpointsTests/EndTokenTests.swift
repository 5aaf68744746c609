import Foundation
import ModelSupport
import Testing

@testable import Checkpoints

/// A text ends at every token that any of a model's files names: `config.json`, `generation_config.json`, the keys of a GGUF
/// file, and its tokens whose text llama.cpp knows.
@Suite struct EndTokenTests {
  private static func ends(
    config: String, generation: String?, _ model: String = SmallModel.llama
  ) throws -> [Int] {
    let head = model.replacingOccurrences(of: "\"vocab_size\":5", with: "\"vocab_size\":9\(config)")
    let folder = try CheckpointFolder(["config.json": Array(head.utf8)])
    if let generation { try folder.write(Array(generation.utf8), to: "generation_config.json") }
    return try ModelConfiguration(folder: folder.path).endTokens
  }

  @Test(arguments: [SmallModel.llama, SmallModel.opt])
  func aFoldersEndsAreThoseOfBothFiles(model: String) throws {
    let cases: [(config: String, generation: String?, ends: [Int])] = [
      (",\"eos_token_id\":3", nil, [3]), (",\"eos_token_id\":3", "{}", [3]),
      (",\"eos_token_id\":3", #"{"eos_token_id":[3,7]}"#, [3, 7]),
      (",\"eos_token_id\":3", #"{"eos_token_id":8}"#, [3, 8]),
      (",\"eos_token_id\":[4,3]", #"{"eos_token_id":[8,4]}"#, [4, 3, 8]),
      (",\"eos_token_id\":3", #"{"eos_token_id":null}"#, [3]), (",\"eos_token_id\":null", #"{"eos_token_id":6}"#, [6]),
      // The architecture's own only where no file names any.
      ("", nil, [2]), ("", #"{"do_sample":true}"#, [2]), ("", #"{"eos_token_id":6}"#, [6]),
    ]
    for (config, generation, ends) in cases {
      #expect(try Self.ends(config: config, generation: generation, model) == ends, "\(config) \(generation ?? "none")")
    }
  }

  @Test func aFolderWithABadFileIsRefused() {
    for (text, reason) in [
      (#"{"eos_token_id":9}"#, "eos_token_id"), (#"{"eos_token_id":[2,-1]}"#, "eos_token_id"), ("{", "line 1"),
      ("[]", "is no JSON object"),
    ] {
      let error = #expect(throws: CheckpointError.self) { try Self.ends(config: "", generation: text) }
      let line = error?.description ?? ""
      #expect(line.contains("generation_config.json: ") && line.contains(reason), "\(line)")
    }
  }

  /// A GGUF file of these tokens and keys; a kind of 3 is a control token, of 4 one that was added by hand.
  private static func gguf(
    _ model: String?, _ tokens: [(text: String, kind: Int32)], keys: [String: UInt32] = [:]
  ) throws -> (ends: [Int], begin: Int?) {
    var file = GGUFFile()
    if let model { file["tokenizer.ggml.model"] = .string(Array(model.utf8)) }
    file["tokenizer.ggml.tokens"] = .array(.string(GGUFStrings(tokens.map { Array($0.text.utf8) })))
    file["tokenizer.ggml.token_type"] = .array(.int32(tokens.map(\.kind)))
    for (name, token) in keys.sorted(by: { $0.key < $1.key }) { file["tokenizer.ggml.\(name)"] = .uint32(token) }
    let ends = GGUFEnds(try GGUF(file.bytes, file: "f"), vocabulary: tokens.count)
    return (try ends.endTokens(), try ends.token("bos_token_id"))
  }

  private static let plain: [(String, Int32)] = ["<unk>", "<s>", "</s>", "a", "b", "c"].map { ($0, 1) }

  @Test func aGGUFFilesKeysNameThem() throws {
    #expect(try Self.gguf("gpt2", Self.plain, keys: ["eos_token_id": 4]).ends == [4])
    let keys: [String: UInt32] = [
      "eos_token_id": 4, "eot_token_id": 5, "eom_token_id": 3, "fim_pad_token_id": 0, "bos_token_id": 1,
      "padding_token_id": 1,
    ]
    let all = try Self.gguf("gpt2", Self.plain, keys: keys)
    #expect(all.ends == [4, 5, 3, 0] && all.begin == 1)
    #expect(throws: CheckpointError.self) { try Self.gguf("gpt2", Self.plain, keys: ["eot_token_id": 6]) }
  }

  /// llama.cpp gives vocabularies of this kind the ends of Llama's own; a byte-level one has none here.
  @Test func aFileWithoutKeysHasItsKindsOwn() throws {
    let llama = try Self.gguf("llama", Self.plain)
    #expect(llama.ends == [2] && llama.begin == 1)
    let unigrams = try Self.gguf("t5", Self.plain)
    #expect(unigrams.ends == [1] && unigrams.begin == nil)
    for model in ["gpt2", nil] {
      let none = try Self.gguf(model, Self.plain)
      #expect(none.ends == [] && none.begin == nil)
    }
    // A key says more than the kind, and a vocabulary may be too small for the default.
    #expect(try Self.gguf("llama", Self.plain, keys: ["eos_token_id": 0, "bos_token_id": 4]).ends == [0])
    #expect(try Self.gguf("llama", [("a", 1)]).ends == [])
  }

  @Test func controlTokensAreKnownByTheirText() throws {
    let names = [
      "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "[EOS]",
      "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<｜end▁of▁sentence｜>", "<|file_sep|>", "<|fim_pad|>",
    ]
    for name in names {
      for kind in [3, 4] as [Int32] {
        #expect(try Self.gguf("gpt2", [("a", 1), (name, kind), ("b", 1)], keys: ["eos_token_id": 2]).ends == [2, 1])
      }
      // An ordinary piece, an unused one and one of a byte end nothing, whatever they spell.
      for kind in [1, 2, 5, 6] as [Int32] {
        #expect(
          try Self.gguf("gpt2", [("a", 1), (name, kind)], keys: ["eos_token_id": 0]).ends == [0], "\(name) \(kind)")
      }
    }
    for name in ["<|im_start|>", "<|eot_id|> ", "<|EOT_ID|>", "<|start_header_id|>", ""] {
      #expect(try Self.gguf("gpt2", [("a", 1), (name, 3)], keys: ["eos_token_id": 0]).ends == [0], "\(name)")
    }
  }

  /// In Harmony's vocabulary `<|end|>` ends a part of a message; Gemma 4's `</s>` is a tag.
  @Test func someAreOverruledByOthers() throws {
    let harmony: [(String, Int32)] = [("<|end|>", 3), ("<|return|>", 3), ("<|call|>", 3)]
    #expect(try Self.gguf("gpt2", harmony).ends == [1, 2])
    #expect(try Self.gguf("gpt2", Array(harmony.dropLast())).ends == [0, 1])
    #expect(try Self.gguf("gpt2", [("</s>", 3), ("<|tool_response>", 3), ("<eos>", 3)]).ends == [1, 2])
  }

  /// The model that is made of a file ends at them.
  @Test func aCheckpointHasThem() throws {
    var (file, _) = try GGUFFile.random(.tiny())
    let names = (0..<53).map { $0 == 7 ? "<|im_end|>" : $0 == 9 ? "<|eot_id|>" : "t\($0)" }
    file["tokenizer.ggml.tokens"] = .array(.string(GGUFStrings(names.map { Array($0.utf8) })))
    file["tokenizer.ggml.token_type"] = .array(.int32((0..<53).map { $0 == 7 ? 3 : 1 }))
    file["tokenizer.ggml.eot_token_id"] = .uint32(11)
    #expect(try Checkpoint(GGUF(file.bytes, file: "f")).configuration.endTokens == [2, 11, 7])
  }
}
