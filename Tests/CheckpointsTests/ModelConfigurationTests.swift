import Foundation
import JSONText
import Testing

@testable import Checkpoints

@Suite struct ModelConfigurationTests {
  static let llama: [String: String] = [
    "model_type": "\"llama\"", "vocab_size": "32", "hidden_size": "24", "intermediate_size": "7",
    "num_hidden_layers": "2", "num_attention_heads": "4",
  ]
  static let opt: [String: String] = [
    "model_type": "\"opt\"", "vocab_size": "32", "hidden_size": "24", "ffn_dim": "7", "num_hidden_layers": "2",
    "num_attention_heads": "4",
  ]

  /// The base with members changed, added, or taken away where the value is empty.
  static func read(_ base: [String: String], _ changes: [String: String]) throws(CheckpointError) -> ModelConfiguration
  {
    let members = base.merging(changes) { $1 }.filter { !$1.isEmpty }.sorted { $0.key < $1.key }
    let text = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    return try ModelConfiguration(json: Array(text.utf8), file: "f")
  }

  static func llama(_ changes: [String: String] = [:]) throws -> LlamaConfiguration {
    guard case .llama(let configuration) = try read(llama, changes) else { throw CancellationError() }
    return configuration
  }

  static func opt(_ changes: [String: String] = [:]) throws -> OPTConfiguration {
    guard case .opt(let configuration) = try read(opt, changes) else { throw CancellationError() }
    return configuration
  }

  /// The defaults are those of transformers 5.24: `LlamaConfig`, `OPTConfig`.
  @Test func whatIsAbsentMeansWhatItMeansToTransformers() throws {
    #expect(
      try Self.llama()
        == LlamaConfiguration(
          vocabularySize: 32, hiddenSize: 24, intermediateSize: 7, layerCount: 2, headCount: 4, keyValueHeadCount: 4,
          headSize: 6, contextLimit: 2048, normEpsilon: 1e-6, ropeBase: 10_000, ropeScaling: .none,
          tiesEmbedding: false, hasAttentionBias: false, hasFeedForwardBias: false, endTokens: [2], beginToken: 1))
    #expect(
      try Self.opt()
        == OPTConfiguration(
          vocabularySize: 32, hiddenSize: 24, embeddingSize: 24, intermediateSize: 7, layerCount: 2, headCount: 4,
          contextLimit: 2048, normsFirst: true, hasFinalNorm: true, hasBias: true, hasNormParameters: true,
          tiesEmbedding: true, endTokens: [2], beginToken: 2))
  }

  @Test func everyMemberIsRead() throws {
    #expect(
      try Self.llama([
        "num_key_value_heads": "2", "head_dim": "10", "max_position_embeddings": "99", "rms_norm_eps": "1e-05",
        "tie_word_embeddings": "true", "attention_bias": "true", "mlp_bias": "true", "eos_token_id": "[3,4]",
        "bos_token_id": "null", "hidden_act": "\"silu\"", "rope_theta": "500000.0", "attention_dropout": "0.1",
        "unheard_of": "{\"a\":[]}", "architectures": "[\"LlamaForCausalLM\"]", "quantization_config": "null",
      ])
        == LlamaConfiguration(
          vocabularySize: 32, hiddenSize: 24, intermediateSize: 7, layerCount: 2, headCount: 4, keyValueHeadCount: 2,
          headSize: 10, contextLimit: 99, normEpsilon: 1e-5, ropeBase: 500_000, ropeScaling: .none,
          tiesEmbedding: true, hasAttentionBias: true, hasFeedForwardBias: true, endTokens: [3, 4], beginToken: nil))
    #expect(
      try Self.opt([
        "word_embed_proj_dim": "5", "max_position_embeddings": "99", "do_layer_norm_before": "false",
        "enable_bias": "false", "layer_norm_elementwise_affine": "false", "tie_word_embeddings": "false",
        "eos_token_id": "null", "bos_token_id": "0", "activation_function": "\"relu\"",
      ])
        == OPTConfiguration(
          vocabularySize: 32, hiddenSize: 24, embeddingSize: 5, intermediateSize: 7, layerCount: 2, headCount: 4,
          contextLimit: 99, normsFirst: false, hasFinalNorm: false, hasBias: false, hasNormParameters: false,
          tiesEmbedding: false, endTokens: [], beginToken: 0))
    #expect(try Self.opt(["_remove_final_layer_norm": "true"]).hasFinalNorm == false)
    // The defaults name tokens that a small vocabulary does not have.
    #expect(try Self.llama(["vocab_size": "2"]).endTokens == [])
    #expect(try Self.llama(["vocab_size": "1"]).beginToken == nil)
  }

  static let scalings: [(members: [String: String], base: Double, scaling: RopeScaling)] = [
    (["rope_scaling": "null", "rope_theta": "7"], 7, .none),
    (["rope_parameters": "null"], 10_000, .none),
    (["rope_parameters": "{\"rope_type\":\"default\",\"rope_theta\":7}"], 7, .none),
    (["rope_parameters": "{\"rope_theta\":7}", "rope_theta": "8"], 7, .none),
    (["rope_parameters": "{}", "rope_theta": "8"], 8, .none),
    (["rope_scaling": "{\"type\":\"linear\",\"factor\":2.5}"], 10_000, .linear(factor: 2.5)),
    (["rope_scaling": "{\"rope_type\":\"linear\",\"factor\":2}", "rope_theta": "7"], 7, .linear(factor: 2)),
    (["rope_parameters": "{\"rope_type\":\"linear\",\"factor\":2,\"rope_theta\":7}"], 7, .linear(factor: 2)),
    (["rope_scaling": "{\"rope_type\":\"default\",\"type\":\"yarn\"}"], 10_000, .none),
    (
      [
        "rope_scaling": """
        {"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,
         "original_max_position_embeddings":8192}
        """, "rope_theta": "500000.0",
      ], 500_000,
      .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 8192)
    ),
    (
      ["rope_parameters": "{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4}"],
      10_000, .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 2048)
    ),
    (
      [
        "rope_parameters": """
        {"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,
         "original_max_position_embeddings":8192}
        """, "original_max_position_embeddings": "64",
      ], 10_000, .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 64)
    ),
  ]

  @Test(arguments: scalings)
  func eitherSpellingOfTheRotation(members: [String: String], base: Double, scaling: RopeScaling) throws {
    let configuration = try Self.llama(members)
    #expect(configuration.ropeBase == base)
    #expect(configuration.ropeScaling == scaling)
  }

  typealias Fault = (members: [String: String], reason: String)

  static let llamaFaults: [Fault] =
    ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"].map {
      ([$0: ""], "\($0) is missing")
    } + [
      (["model_type": ""], "model_type is missing; llama and opt are supported"),
      (["model_type": "null"], "model_type is missing; llama and opt are supported"),
      (["model_type": "1"], "model_type is 1; it must be a string"),
      (["model_type": "\"gpt2\""], "model_type is \"gpt2\", which is not supported; llama and opt are"),
      (
        ["architectures": "[\"LlamaForSequenceClassification\"]"],
        "architectures names \"LlamaForSequenceClassification\", which is not supported; LlamaForCausalLM is"
      ),
      (
        ["architectures": "[\"OPTForCausalLM\"]"],
        "architectures names \"OPTForCausalLM\", which is not supported; LlamaForCausalLM is"
      ),
      (["architectures": "\"LlamaModel\""], "architectures is \"LlamaModel\"; it must be an array of strings"),
      (
        ["quantization_config": "{\"quant_method\":\"gptq\"}"],
        "quantization_config is not supported; take a checkpoint that is not quantized"
      ),
      (["hidden_act": "\"gelu\""], "hidden_act is \"gelu\", which is not supported; supported: silu, swish"),
      (["vocab_size": "0"], "vocab_size is 0; it must be a whole number from 1 to 16777216"),
      (["vocab_size": "-1"], "vocab_size is -1; it must be a whole number from 1 to 16777216"),
      (["vocab_size": "32.0"], "vocab_size is 32.0; it must be a whole number from 1 to 16777216"),
      (["vocab_size": "\"32\""], "vocab_size is \"32\"; it must be a whole number from 1 to 16777216"),
      (["vocab_size": "16777217"], "vocab_size is 16777217; it must be a whole number from 1 to 16777216"),
      (
        ["hidden_size": "99999999999999999999"],
        "hidden_size is 99999999999999999999; it must be a whole number from 1 to 16777216"
      ),
      (["num_hidden_layers": "4097"], "num_hidden_layers is 4097; it must be a whole number from 1 to 4096"),
      (["num_attention_heads": "5"], "num_attention_heads is 5, which does not divide hidden_size 24"),
      (["num_key_value_heads": "3"], "num_key_value_heads is 3, which does not divide num_attention_heads 4"),
      (["num_key_value_heads": "8"], "num_key_value_heads is 8, which does not divide num_attention_heads 4"),
      (["num_attention_heads": "8"], "head_dim is 3; it must be even"),
      (["head_dim": "7"], "head_dim is 7; it must be even"),
      (["head_dim": "16777216"], "head_dim is 16777216; 4 heads of it are wider than any model"),
      (["max_position_embeddings": "0"], "max_position_embeddings is 0; it must be a whole number from 1 to 16777216"),
      (["rms_norm_eps": "-1e-5"], "rms_norm_eps is -1e-5; it must be a number from 0.0 to 1.0"),
      (["rms_norm_eps": "1e300"], "rms_norm_eps is 1e300; it must be a number from 0.0 to 1.0"),
      (["tie_word_embeddings": "null"], "tie_word_embeddings is null; it must be true or false"),
      (["attention_bias": "0"], "attention_bias is 0; it must be true or false"),
      (["eos_token_id": "32"], "eos_token_id is 32; it must be a whole number from 0 to 31"),
      (["eos_token_id": "[1,-1]"], "eos_token_id is -1; it must be a whole number from 0 to 31"),
      (["bos_token_id": "[1]"], "bos_token_id is an array; it must be a whole number from 0 to 31"),
      (["rope_theta": "0"], "rope_theta is 0; it must be a number from 1.0 to 1e+18"),
      (["rope_scaling": "2"], "rope_scaling is 2; it must be an object"),
      (["rope_parameters": "{\"rope_type\":\"linear\"}"], "rope_parameters.factor is missing"),
      (
        ["rope_scaling": "{\"type\":\"linear\",\"factor\":0.5}"],
        "rope_scaling.factor is 0.5; it must be a number from 1.0 to 1000000000.0"
      ),
      (
        ["rope_scaling": "{\"type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":4}"],
        "rope_scaling.low_freq_factor is 4.0; it must be below high_freq_factor 4.0"
      ),
      (
        ["partial_rotary_factor": "0.5"], "partial_rotary_factor is 0.5, which is not supported; 1 is"
      ),
      (
        ["rope_parameters": "{\"partial_rotary_factor\":0.5}"],
        "rope_parameters.partial_rotary_factor is 0.5, which is not supported; 1 is"
      ),
      (
        ["rope_parameters": "{}", "rope_scaling": "{\"type\":\"linear\",\"factor\":2}"],
        "rope_scaling differs from rope_parameters; remove the wrong one"
      ),
    ]
    + ["dynamic", "yarn", "longrope", "su", "proportional"].map {
      (
        ["rope_parameters": "{\"rope_type\":\"\($0)\",\"factor\":2}"],
        "rope_parameters.rope_type is \"\($0)\", which is not supported; supported: default, linear, llama3"
      )
    }

  static let optFaults: [Fault] =
    ["vocab_size", "hidden_size", "ffn_dim", "num_hidden_layers", "num_attention_heads"].map {
      ([$0: ""], "\($0) is missing")
    } + [
      (["activation_function": "\"gelu\""], "activation_function is \"gelu\", which is not supported; supported: relu"),
      (["num_attention_heads": "5"], "num_attention_heads is 5, which does not divide hidden_size 24"),
      (["word_embed_proj_dim": "0"], "word_embed_proj_dim is 0; it must be a whole number from 1 to 16777216"),
      (["do_layer_norm_before": "1"], "do_layer_norm_before is 1; it must be true or false"),
      (["_remove_final_layer_norm": "\"no\""], "_remove_final_layer_norm is \"no\"; it must be true or false"),
      (
        ["architectures": "[\"OPTForCausalLM\",7]"], "architectures names 7, which is not supported; OPTForCausalLM is"
      ),
    ]

  @Test(arguments: llamaFaults)
  func everyFaultOfALlamaIsNamed(members: [String: String], reason: String) {
    #expect(throws: CheckpointError.configuration(file: "f", reason: reason)) { try Self.read(Self.llama, members) }
  }

  @Test(arguments: optFaults)
  func everyFaultOfAnOPTIsNamed(members: [String: String], reason: String) {
    #expect(throws: CheckpointError.configuration(file: "f", reason: reason)) { try Self.read(Self.opt, members) }
  }

  @Test(arguments: [
    ("[]", "is no JSON object; is it a model's?"),
    (
      "{\n  \"model_type\": \"llama\",\n  \"model_type\": \"opt\"}",
      "line 3, column 3: the key \"model_type\" occurs twice"
    ),
    (
      "{\"a\":\n  NaN}",
      "line 2, column 3: \"NaN\" is no JSON value (a number, a text in quotes, a list, an object, true, false or null)"
    ),
  ])
  func whatIsNoConfigurationIsRefused(text: String, reason: String) {
    #expect(throws: CheckpointError.configuration(file: "f", reason: reason)) {
      try ModelConfiguration(json: Array(text.utf8), file: "f")
    }
  }

  @Test func whatHasNoEndIsRefused() {
    for (text, reason) in [
      (String(repeating: "[", count: 100_000), "line 1, column 65: nested more than 64 deep"),
      (String(repeating: " ", count: (1 << 24) + 1), "the text is longer than 16777216 bytes"),
      (
        "[" + String(repeating: "0,", count: 1 << 20) + "0]",
        "line 1, column 2097152: the text holds more than 1048576 values"
      ),
    ] {
      #expect(throws: CheckpointError.configuration(file: "f", reason: reason)) {
        try ModelConfiguration(json: Array(text.utf8), file: "f")
      }
    }
  }
}
