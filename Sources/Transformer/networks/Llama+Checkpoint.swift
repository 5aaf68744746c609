import Checkpoints

extension Llama {
  /// Packs a checkpoint's tensors, layer by layer.
  ///
  /// - Throws: ``CheckpointError`` for a tensor that is missing or has another shape.
  init(_ configuration: LlamaConfiguration, from source: TensorSource) throws(CheckpointError) {
    let hidden = configuration.hiddenSize
    let table = try source.matrix("model.embed_tokens.weight", shape: [configuration.vocabularySize, hidden])
    embedding = Embedding(table: table)
    let rotary = RotaryEmbedding(
      headSize: configuration.headSize, base: configuration.ropeBase, scaling: configuration.ropeScaling)
    var layers: [LlamaLayer] = []
    for index in 0..<configuration.layerCount {
      layers.append(try LlamaLayer(configuration, rotary: rotary, prefix: "model.layers.\(index).", from: source))
    }
    self.layers = layers
    norm = RMSNorm(
      weight: try source.vector("model.norm.weight", count: hidden), epsilon: configuration.normEpsilon)
    head = Head(
      projection: try source.head(table: table, isTied: configuration.tiesEmbedding))
  }
}

extension LlamaLayer {
  /// Packs one layer.
  init(
    _ configuration: LlamaConfiguration, rotary: RotaryEmbedding, prefix: String, from source: TensorSource
  ) throws(CheckpointError) {
    let hidden = configuration.hiddenSize
    let querySize = configuration.headCount * configuration.headSize
    let keySize = configuration.keyValueHeadCount * configuration.headSize
    let inner = configuration.intermediateSize
    let epsilon = configuration.normEpsilon

    attentionNorm = RMSNorm(
      weight: try source.vector("\(prefix)input_layernorm.weight", count: hidden), epsilon: epsilon)
    attention = Attention(
      headCount: configuration.headCount, keyValueHeadCount: configuration.keyValueHeadCount,
      headSize: configuration.headSize,
      queryKeyValue: try source.linear(
        [
          ("\(prefix)self_attn.q_proj", querySize), ("\(prefix)self_attn.k_proj", keySize),
          ("\(prefix)self_attn.v_proj", keySize),
        ],
        inputs: hidden),
      output: try source.linear([("\(prefix)self_attn.o_proj", hidden)], inputs: querySize),
      rotary: rotary)
    feedForwardNorm = RMSNorm(
      weight: try source.vector("\(prefix)post_attention_layernorm.weight", count: hidden), epsilon: epsilon)
    feedForward = SwiGLU(
      gateUp: try source.linear(
        [("\(prefix)mlp.gate_proj", inner), ("\(prefix)mlp.up_proj", inner)], inputs: hidden),
      down: try source.linear([("\(prefix)mlp.down_proj", hidden)], inputs: inner))
  }
}
