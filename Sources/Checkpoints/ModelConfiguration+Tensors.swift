extension ModelConfiguration {
  /// A tensor that a model of this configuration has.
  package struct ExpectedTensor: Hashable, Sendable {
    package let name: String
    package let shape: [Int]
  }

  /// All tensors of the model, as `transformers` names and shapes them: a matrix is rows × columns = out × in.
  package var expectedTensors: [ExpectedTensor] {
    switch self {
    case .llama(let configuration): configuration.expectedTensors
    case .opt(let configuration): configuration.expectedTensors
    }
  }

  /// The embedding's name, and the head's, which may be the same weights.
  package var embeddingName: String {
    switch self {
    case .llama: "model.embed_tokens.weight"
    case .opt: "model.decoder.embed_tokens.weight"
    }
  }

  /// Whether the head's weights are the embedding's.
  package var tiesEmbedding: Bool {
    switch self {
    case .llama(let configuration): configuration.tiesEmbedding
    case .opt(let configuration): configuration.tiesEmbedding
    }
  }
}

extension LlamaConfiguration {
  fileprivate var expectedTensors: [ModelConfiguration.ExpectedTensor] {
    var list = TensorList()
    let (queries, keys) = (headCount * headSize, keyValueHeadCount * headSize)
    list.add("model.embed_tokens.weight", [vocabularySize, hiddenSize])
    for layer in 0..<layerCount {
      let prefix = "model.layers.\(layer)."
      list.add(prefix + "input_layernorm.weight", [hiddenSize])
      list.addProjection(prefix + "self_attn.q_proj", queries, hiddenSize, bias: hasAttentionBias)
      list.addProjection(prefix + "self_attn.k_proj", keys, hiddenSize, bias: hasAttentionBias)
      list.addProjection(prefix + "self_attn.v_proj", keys, hiddenSize, bias: hasAttentionBias)
      list.addProjection(prefix + "self_attn.o_proj", hiddenSize, queries, bias: hasAttentionBias)
      list.add(prefix + "post_attention_layernorm.weight", [hiddenSize])
      list.addProjection(prefix + "mlp.gate_proj", intermediateSize, hiddenSize, bias: hasFeedForwardBias)
      list.addProjection(prefix + "mlp.up_proj", intermediateSize, hiddenSize, bias: hasFeedForwardBias)
      list.addProjection(prefix + "mlp.down_proj", hiddenSize, intermediateSize, bias: hasFeedForwardBias)
    }
    list.add("model.norm.weight", [hiddenSize])
    if !tiesEmbedding { list.add("lm_head.weight", [vocabularySize, hiddenSize]) }
    return absentBiases.isEmpty ? list.tensors : list.tensors.filter { !absentBiases.contains($0.name) }
  }
}

extension OPTConfiguration {
  /// The table of positions has so many rows before that of position 0.
  package static let positionOffset = 2

  fileprivate var expectedTensors: [ModelConfiguration.ExpectedTensor] {
    var list = TensorList()
    list.add("model.decoder.embed_tokens.weight", [vocabularySize, embeddingSize])
    list.add("model.decoder.embed_positions.weight", [contextLimit + Self.positionOffset, hiddenSize])
    if embeddingSize != hiddenSize {
      list.add("model.decoder.project_in.weight", [hiddenSize, embeddingSize])
      list.add("model.decoder.project_out.weight", [embeddingSize, hiddenSize])
    }
    for layer in 0..<layerCount {
      let prefix = "model.decoder.layers.\(layer)."
      for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
        list.addProjection(prefix + "self_attn." + part, hiddenSize, hiddenSize, bias: hasBias)
      }
      list.addProjection(prefix + "fc1", intermediateSize, hiddenSize, bias: hasBias)
      list.addProjection(prefix + "fc2", hiddenSize, intermediateSize, bias: hasBias)
      if hasNormParameters {
        list.addNorm(prefix + "self_attn_layer_norm", hiddenSize)
        list.addNorm(prefix + "final_layer_norm", hiddenSize)
      }
    }
    if hasFinalNorm, hasNormParameters { list.addNorm("model.decoder.final_layer_norm", hiddenSize) }
    if !tiesEmbedding { list.add("lm_head.weight", [vocabularySize, embeddingSize]) }
    return list.tensors
  }
}

private struct TensorList {
  var tensors: [ModelConfiguration.ExpectedTensor] = []

  mutating func add(_ name: String, _ shape: [Int]) { tensors.append(.init(name: name, shape: shape)) }

  mutating func addProjection(_ name: String, _ rows: Int, _ columns: Int, bias: Bool) {
    add(name + ".weight", [rows, columns])
    if bias { add(name + ".bias", [rows]) }
  }

  mutating func addNorm(_ name: String, _ size: Int) {
    add(name + ".weight", [size])
    add(name + ".bias", [size])
  }
}
