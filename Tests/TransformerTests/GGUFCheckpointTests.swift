import Foundation
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

@Suite struct GGUFCheckpointTests {
  static let folder = CheckpointFolder.fixtures.appending(path: "gguf")

  static let configurations: [LlamaConfiguration] = [
    .tiny(),
    .tiny {
      $0.keyValueHeadCount = 6; $0.headSize = 18; $0.tiesEmbedding = true; $0.hasAttentionBias = true
    },
    .tiny {
      $0.keyValueHeadCount = 1; $0.hasFeedForwardBias = true; $0.ropeScaling = .linear(factor: 2.5); $0.ropeBase = 500
    },
    .tiny { $0.ropeScaling = .factors([1, 1.5, 2, 8, 8]) },
  ]

  @Test(arguments: configurations, [2, 3])
  func logitsAreThoseOfTheSameWeights(configuration: LlamaConfiguration, version: Int) throws {
    var (file, checkpoint) = try GGUFFile.random(configuration)
    file.version = UInt32(version)
    let gguf = try Checkpoint(GGUF(file.bytes, file: "f"))
    #expect(gguf.configuration == checkpoint.configuration)
    #expect(gguf.tensorNames == checkpoint.tensorNames)
    #expect(gguf.gguf?.version == version && gguf.configurationFile.isEmpty)
    for name in gguf.tensorNames {
      #expect(gguf.tensors[name]?.floats() == checkpoint.tensors[name]?.floats(), "\(name)")
    }
    let tokens = [1, 5, 0, 52, 17, 17, 3, 40]
    let (ours, theirs) = (try TransformerModel(gguf), try TransformerModel(checkpoint))
    #expect(try ours.logits(after: tokens, all: true) == theirs.logits(after: tokens, all: true))
  }

  /// Converted by Fixtures/checkpoints/make_gguf.py, with the rows of queries and keys in the converter's order.
  @Test(arguments: [
    "llama-bf16", "llama-gqa-untied", "llama-mha-biases", "llama-rope-linear", "llama-rope-llama3",
  ])
  func whatTheGGUFPackageWritesIsTheFolder(name: String) throws {
    let gguf = try Checkpoint.open(Self.folder.appending(path: "\(name).gguf").path)
    let folder = try Checkpoint.open(CheckpointFolder.fixtures.appending(path: "tiny/\(name)").path)
    let (ours, theirs) = (try TransformerModel(gguf, threads: 2), try TransformerModel(folder))
    #expect(ours.configuration.endTokens == theirs.configuration.endTokens)
    #expect(ours.configuration.beginToken == theirs.configuration.beginToken)
    let tokens = Array(1..<16)
    #expect(try ours.logits(after: tokens, all: true) == theirs.logits(after: tokens, all: true))
  }

  /// A change of a good file, and the line that refuses it.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var change: @Sendable (inout GGUFFile) -> Void
    var reason: String

    init(_ key: String, _ value: GGUFValue?, _ reason: String) {
      testDescription = "\(key) \(value.map { "\($0)" } ?? "missing")"
      change = { $0[key] = value }
      self.reason = "f: " + reason
    }

    init(_ name: String, _ reason: String, _ change: @escaping @Sendable (inout GGUFFile) -> Void) {
      (testDescription, self.change, self.reason) = (name, change, "f: " + reason)
    }
  }

  static func text(_ text: String) -> GGUFValue { .string(Array(text.utf8)) }

  static let numbers: [Case] = [
    Case("general.architecture", nil, "general.architecture is missing; llama is supported"),
    Case("general.architecture", text("opt"), "general.architecture is \"opt\", which is not supported; llama is"),
    Case(
      "general.architecture", text("a\nb"), "general.architecture is \"a\\u{A}b\", which is not supported; llama is"),
    Case("general.architecture", .uint8(1), "general.architecture has the type uint8; it must be a string"),
    Case("general.type", text("adapter"), "general.type is \"adapter\"; a model is needed"),
    Case(
      "split.count", .uint16(3),
      "split.count is 3: the file is a part of a model; join them by llama-gguf-split --merge"),
    Case("llama.block_count", nil, "llama.block_count is missing"),
    Case("llama.block_count", .uint32(0), "llama.block_count is 0; it must be a whole number from 1 to 4096"),
    Case(
      "llama.block_count", .uint32(4),
      "tensor blk.3.attn_norm.weight is missing, and the model needs it; get the checkpoint anew"),
    Case(
      "llama.block_count", .float32(3), "llama.block_count has the type float32; it must be a whole number below 2^63"),
    Case(
      "llama.embedding_length", .uint64(.max),
      "llama.embedding_length has the type uint64; it must be a whole number below 2^63"),
    Case(
      "llama.embedding_length", .uint64(1 << 62),
      "llama.embedding_length is 4611686018427387904; it must be a whole number from 1 to 16777216"),
    Case(
      "llama.attention.head_count", .uint32(0),
      "llama.attention.head_count is 0; it must be a whole number from 1 to 16777216"),
    Case(
      "llama.attention.head_count", .array(.uint32([6, 6, 6])),
      "llama.attention.head_count has the type array of uint32; it must be a whole number below 2^63"),
    Case(
      "llama.attention.head_count_kv", .uint32(4),
      "llama.attention.head_count_kv is 4, which does not divide head_count 6"),
    Case("llama.attention.key_length", .uint32(9), "llama.attention.key_length is 9; it must be even"),
    Case(
      "llama.attention.key_length", .uint32(1 << 22),
      "llama.attention.key_length is 4194304; 6 heads of it are wider than any model"),
    Case(
      "llama.attention.value_length", .uint32(12),
      "llama.attention.value_length is 12, which is not supported; a head's length 10 is"),
    Case(
      "llama.rope.dimension_count", .uint32(4),
      "llama.rope.dimension_count is 4, which is not supported; a head's length 10 is"),
    Case(
      "llama.attention.layer_norm_rms_epsilon", .float32(.nan),
      "llama.attention.layer_norm_rms_epsilon is nan; it must be a number from 0.0 to 1.0"),
    Case("llama.attention.layer_norm_rms_epsilon", nil, "llama.attention.layer_norm_rms_epsilon is missing"),
    Case("llama.rope.freq_base", .float32(0), "llama.rope.freq_base is 0.0; it must be a number from 1.0 to 1e+18"),
    Case(
      "llama.rope.scaling.type", text("yarn"),
      "llama.rope.scaling.type is \"yarn\", which is not supported; none and linear are"),
    Case("llama.rope.scaling.factor", .float32(0.5), "llama.rope.scaling.factor is 0.5; it must be 0, or at least 1"),
    Case(
      "llama.rope.scaling.attn_factor", .float32(2),
      "llama.rope.scaling.attn_factor is 2.0, which is not supported"),
    Case("llama.expert_count", .uint32(8), "llama.expert_count is 8.0, which is not supported"),
    Case(
      "llama.attention.sliding_window", .uint32(64), "llama.attention.sliding_window is 64.0, which is not supported"),
    Case("llama.attention.causal", .bool(false), "llama.attention.causal is 0.0, which is not supported"),
    Case("llama.logit_scale", text("2"), "llama.logit_scale is of type string, which is not supported"),
    Case(
      "llama.context_length", .int32(-1), "llama.context_length is -1; it must be a whole number from 1 to 16777216"),
    Case(
      "tokenizer.ggml.eos_token_id", .uint32(53),
      "tokenizer.ggml.eos_token_id is 53, which is out of range; the vocabulary is 0...52"),
    Case(
      "tokenizer.ggml.bos_token_id", .int32(-1),
      "tokenizer.ggml.bos_token_id is -1, which is out of range; the vocabulary is 0...52"),
    Case("llama.vocab_size", .uint32(54), "llama.vocab_size is 54; tensor token_embd.weight has 53 rows"),
    Case(
      "tokenizer.ggml.tokens", .array(.string(GGUFStrings([[65]]))),
      "tokenizer.ggml.tokens has 1 tokens; tensor token_embd.weight has 53 rows"),
  ]

  static let tensors: [Case] = [
    Case("no embedding", "tensor token_embd.weight is missing, and the model needs it; get the checkpoint anew") {
      $0.tensors.removeAll { $0.name == "token_embd.weight" }
    },
    Case("no norm", "tensor blk.2.ffn_norm.weight is missing, and the model needs it; get the checkpoint anew") {
      $0.tensors.removeAll { $0.name == "blk.2.ffn_norm.weight" }
    },
    Case("a tensor more", "tensor blk.0.attn_sinks.weight is unknown; this architecture has no place for it") {
      $0.tensors.append(.init("blk.0.attn_sinks.weight", [1], .f32, [0, 0, 0, 0]))
    },
    Case("a layer more", "tensor blk.3.attn_norm.weight is unknown; this architecture has no place for it") {
      $0.tensors.append(.init("blk.3.attn_norm.weight", [1], .f32, [0, 0, 0, 0]))
    },
    Case(
      "another shape",
      "tensor output_norm.weight has the shape [30, 2]; the configuration asks for [60]"
    ) { file in
      guard let index = file.tensors.firstIndex(where: { $0.name == "output_norm.weight" }) else { return }
      file.tensors[index].shape = [30, 2]
    },
    Case(
      "an embedding in three dimensions",
      "tensor token_embd.weight has the shape [53, 2, 30]; the configuration asks for [53, 60]"
    ) {
      file in
      guard let index = file.tensors.firstIndex(where: { $0.name == "token_embd.weight" }) else { return }
      file.tensors[index].shape = [53, 2, 30]
    },
    Case(
      "a type that is not read",
      "tensor output_norm.weight: its type I32 is not read; F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, "
        + "Q5_K, Q6_K and BF16 are, so convert the model: llama-quantize --allow-requantize IN OUT q8_0"
    ) { file in
      guard let index = file.tensors.firstIndex(where: { $0.name == "output_norm.weight" }) else { return }
      file.tensors[index].type = GGMLType.i32.rawValue
      file.tensors[index].data = Array(repeating: 0, count: 240)
    },
    Case("factors of 0", "tensor rope_freqs.weight: holds a factor that is not above 0, or not finite") {
      $0.tensors.append(.init("rope_freqs.weight", [5], .f32, Array(repeating: 0, count: 20)))
    },
    Case("factors of another head", "tensor rope_freqs.weight has the shape [4]; the configuration asks for [5]") {
      $0.tensors.append(.init("rope_freqs.weight", [4], .f32, Array(repeating: 0, count: 16)))
    },
    Case(
      "two scalings", "llama.rope.scaling.factor is 2.0, and rope_freqs.weight scales too; one alone is supported"
    ) {
      $0["llama.rope.scaling.factor"] = .float32(2)
      $0.tensors.append(
        .init("rope_freqs.weight", [5], .f32, (0..<5).flatMap { _ in GGUFFile.number(Float(1).bitPattern) }))
    },
  ]

  @Test(arguments: numbers + tensors)
  func whatIsNotComputedIsRefused(testCase: Case) throws {
    var (file, _) = try GGUFFile.random(.tiny())
    testCase.change(&file)
    let reason: String
    do {
      _ = try Checkpoint(GGUF(file.bytes, file: "f"))
      reason = "nothing thrown"
    } catch {
      reason = "\(error)"
    }
    #expect(reason == testCase.reason)
  }

  @Test(arguments: [
    ("llama.rope.scaling.type", text("none")), ("llama.rope.scaling.factor", .float32(0)),
    ("llama.rope.scaling.factor", .float64(1)), ("llama.expert_count", .uint32(0)),
    ("llama.attention.causal", .bool(true)), ("llama.logit_scale", .float32(1)), ("general.type", text("model")),
    ("split.count", .uint16(1)), ("tokenizer.ggml.add_bos_token", .bool(true)), ("some.key", .array(.array([]))),
  ])
  func whatChangesNothingIsPassedOver(key: String, value: GGUFValue) throws {
    var (file, checkpoint) = try GGUFFile.random(.tiny())
    file[key] = value
    #expect(try Checkpoint(GGUF(file.bytes, file: "f")).configuration == checkpoint.configuration)
  }

  @Test func absentNumbersMeanWhatLlamaCppTakesThemToMean() throws {
    var (file, _) = try GGUFFile.random(.tiny { $0.keyValueHeadCount = 6 })
    for key in [
      "llama.attention.head_count_kv", "llama.attention.key_length", "llama.rope.dimension_count",
      "llama.rope.freq_base", "llama.vocab_size", "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id",
    ] { file[key] = nil }
    file["tokenizer.ggml.eot_token_id"] = .uint32(7)
    file["tokenizer.ggml.eom_token_id"] = .uint32(7)
    let configuration = try Checkpoint(GGUF(file.bytes, file: "f")).configuration
    #expect(
      configuration
        == .llama(
          .tiny {
            $0.keyValueHeadCount = 6; $0.endTokens = [7]; $0.beginToken = nil
          }))
  }

  @Test func aPathIsAFolderOrAFile() throws {
    let (file, checkpoint) = try GGUFFile.random(.tiny())
    let folder = try CheckpointFolder(["model.gguf": file.bytes, "model": file.bytes, "x.gguf": [1], "y": [1]])
    // The magic bytes or the name tell a GGUF file.
    for name in ["model.gguf", "model"] {
      let opened = try Checkpoint.open(folder.path(name))
      #expect(opened.configuration == checkpoint.configuration && opened.place == folder.path(name))
      #expect(opened.gguf?.metadata.count == file.metadata.count)
    }
    #expect(
      throws: CheckpointError.malformed(
        file: folder.path("x.gguf"), tensor: nil,
        reason: "has 1 bytes, of which a GGUF file begins with 24; was it cut off?")
    ) { try Checkpoint.open(folder.path("x.gguf")) }
    #expect(
      throws: CheckpointError.unreadable(
        file: folder.path("y"),
        reason: "is no GGUF file; give one, or the folder that holds config.json and model.safetensors")
    ) { try Checkpoint.open(folder.path("y")) }
  }
}
