import Checkpoints
import Probability
import Transformer

/// Transformers with random weights, the same for every run.
package struct RandomCheckpoints {
  package var generator: SplitMix64

  package init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  package mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  /// A number in (-1, 1) whose last bits are random too, so that every rounding shows.
  package mutating func number() -> Float { Float(Int64(bitPattern: generator.next()) >> 38) * 0x1p-25 }

  package mutating func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in number() } }

  package mutating func tokens(_ count: Int, below vocabulary: Int) -> [Int] {
    (0..<count).map { _ in below(vocabulary) }
  }

  /// All tensors that a configuration asks for; `change` may spoil one.
  package mutating func checkpoint(
    _ configuration: ModelConfiguration, elements: [Tensor.Element] = [.float32],
    change: (String, inout [Float]) -> Void = { _, _ in }
  ) -> Checkpoint {
    var tensors: [String: Tensor] = [:]
    for (index, expected) in configuration.expectedTensors.enumerated() {
      let count = expected.shape.reduce(1, *)
      // Large enough that attention prefers some tokens, small enough that nothing saturates.
      var values = numbers(count).map { $0 * (expected.shape.count == 1 ? 1 : 0.5) }
      change(expected.name, &values)
      tensors[expected.name] = Tensor(
        expected.name, shape: expected.shape, values, element: elements[index % elements.count])
    }
    return Checkpoint(configuration: configuration, place: "memory", tensors: tensors)
  }

  package mutating func model(_ configuration: ModelConfiguration, threads: Int = 1) throws -> TransformerModel {
    try TransformerModel(checkpoint(configuration), threads: threads)
  }
}

extension Tensor {
  /// A tensor in memory; values are rounded to the element.
  package init(_ name: String, shape: [Int], _ values: [Float], element: Element) {
    var bytes: [UInt8] = []
    for value in values {
      let word: UInt32
      switch element {
      case .float32: word = value.bitPattern
      case .float16: word = UInt32(Float16(value).bitPattern)
      case .bfloat16: word = value.bitPattern >> 16
      }
      for byte in 0..<element.size { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(byte)))) }
    }
    self.init(name, shape: shape, bytes: bytes, element: element)
  }

  /// A tensor in memory, of any bytes.
  package init(_ name: String, shape: [Int], bytes: [UInt8], element: Element) {
    self.init(
      name: name, shape: shape, type: .plain(element), file: "memory", bytes: MappedBytes(copying: bytes),
      range: 0..<bytes.count)
  }
}

extension ModelConfiguration {
  /// Architectures that are small and unlike each other; no size is a multiple of a vector or a panel.
  package static let tiny: [ModelConfiguration] = [
    .llama(.tiny()),
    .llama(
      .tiny {
        $0.keyValueHeadCount = 6; $0.headSize = 18; $0.tiesEmbedding = true; $0.hasAttentionBias = true
      }),
    .llama(
      .tiny {
        $0.keyValueHeadCount = 1
        $0.hasFeedForwardBias = true
        $0.ropeScaling = .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 16)
      }),
    .opt(.tiny()),
    .opt(
      .tiny {
        $0.normsFirst = false; $0.hasFinalNorm = false; $0.embeddingSize = 22; $0.tiesEmbedding = false
      }),
  ]
}

extension LlamaConfiguration {
  package static func tiny(_ change: (inout LlamaConfiguration) -> Void = { _ in }) -> LlamaConfiguration {
    let json = """
      {"model_type":"llama","vocab_size":53,"hidden_size":60,"intermediate_size":70,"num_hidden_layers":3,
       "num_attention_heads":6,"num_key_value_heads":2,"head_dim":10,"max_position_embeddings":160,"rms_norm_eps":1e-5,
       "eos_token_id":2,"bos_token_id":1}
      """
    guard case .llama(var configuration) = try? ModelConfiguration(json: Array(json.utf8), file: "tiny") else {
      fatalError("the configuration is refused")
    }
    change(&configuration)
    return configuration
  }
}

extension OPTConfiguration {
  package static func tiny(_ change: (inout OPTConfiguration) -> Void = { _ in }) -> OPTConfiguration {
    let json = """
      {"model_type":"opt","vocab_size":53,"hidden_size":68,"ffn_dim":75,"num_hidden_layers":2,"num_attention_heads":4,
       "max_position_embeddings":160,"eos_token_id":2,"bos_token_id":2}
      """
    guard case .opt(var configuration) = try? ModelConfiguration(json: Array(json.utf8), file: "tiny") else {
      fatalError("the configuration is refused")
    }
    change(&configuration)
    return configuration
  }
}
