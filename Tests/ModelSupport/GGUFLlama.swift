import Checkpoints
import Foundation

extension GGUFFile {
  /// A Llama as llama.cpp's converter would write it.
  package init(_ checkpoint: Checkpoint) throws {
    guard case .llama(let llama) = checkpoint.configuration else { fatalError("a Llama is needed") }
    func number(_ value: Int) -> GGUFValue { .uint32(UInt32(value)) }
    metadata = [
      ("general.architecture", .string(Array("llama".utf8))), ("general.name", .string(Array("random".utf8))),
      ("llama.context_length", number(llama.contextLimit)), ("llama.embedding_length", number(llama.hiddenSize)),
      ("llama.block_count", number(llama.layerCount)), ("llama.feed_forward_length", number(llama.intermediateSize)),
      ("llama.attention.head_count", number(llama.headCount)),
      ("llama.attention.head_count_kv", number(llama.keyValueHeadCount)),
      ("llama.attention.key_length", number(llama.headSize)),
      ("llama.rope.dimension_count", number(llama.headSize)), ("llama.rope.freq_base", .float32(Float(llama.ropeBase))),
      ("llama.attention.layer_norm_rms_epsilon", .float32(llama.normEpsilon)),
      ("llama.vocab_size", number(llama.vocabularySize)),
      ("tokenizer.ggml.bos_token_id", number(llama.beginToken ?? 0)),
      ("tokenizer.ggml.eos_token_id", number(llama.endTokens[0])),
    ]
    switch llama.ropeScaling {
    case .none: break
    case .linear(let factor):
      metadata.append(("llama.rope.scaling.type", .string(Array("linear".utf8))))
      metadata.append(("llama.rope.scaling.factor", .float32(Float(factor))))
    case .llama3: fatalError("not written")
    case .factors(let factors):
      tensors.append(.init("rope_freqs.weight", [factors.count], .f32, factors.flatMap { Self.number($0.bitPattern) }))
    }
    for expected in checkpoint.configuration.expectedTensors {
      let tensor = try checkpoint.tensor(expected.name, shape: expected.shape)
      let rows = expected.shape[0]
      let bytes = tensor.bytes.copy(tensor.range)
      let size = bytes.count / rows
      var data = bytes
      if expected.name.contains("q_proj") || expected.name.contains("k_proj") {
        let half = llama.headSize / 2
        for row in 0..<rows {
          let (head, second, pair) = (row / (2 * half), row / half % 2, row % half)
          let place = head * 2 * half + 2 * pair + second
          data.replaceSubrange(place * size..<(place + 1) * size, with: bytes[row * size..<(row + 1) * size])
        }
      }
      let type: GGMLType =
        switch tensor.type {
        case .plain(.float32): .f32
        case .plain(.float16): .f16
        case .plain(.bfloat16): .bf16
        case .quantised: fatalError("not written")
        }
      tensors.append(.init(Self.names[expected.name] ?? Self.name(expected.name), expected.shape, type, data))
    }
  }

  /// A random Llama, as GGUF.
  package static func random(_ configuration: LlamaConfiguration, seed: UInt64 = 31) throws -> (GGUFFile, Checkpoint) {
    var random = RandomCheckpoints(seed: seed)
    let checkpoint = random.checkpoint(.llama(configuration), elements: [.float32, .float16, .bfloat16])
    return (try GGUFFile(checkpoint), checkpoint)
  }

  private static let names = [
    "model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
  ]

  private static func name(_ name: String) -> String {
    let parts = [
      ("model.layers.", "blk."), ("input_layernorm", "attn_norm"), ("self_attn.o_proj", "attn_output"),
      ("self_attn.", "attn_"), ("post_attention_layernorm", "ffn_norm"), ("mlp.", "ffn_"), ("_proj", ""),
    ]
    return parts.reduce(name) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }
}
