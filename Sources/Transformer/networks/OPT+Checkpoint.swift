import Checkpoints

extension OPT {
  /// Packs a checkpoint's tensors, layer by layer.
  ///
  /// - Throws: ``CheckpointError`` for a tensor that is missing or has another shape.
  init(_ configuration: OPTConfiguration, from source: TensorSource) throws(CheckpointError) {
    let (hidden, embedding) = (configuration.hiddenSize, configuration.embeddingSize)
    let prefix = "model.decoder."
    let table = try source.matrix("\(prefix)embed_tokens.weight", shape: [configuration.vocabularySize, embedding])
    tokens = Embedding(table: table)
    let positionCount = configuration.contextLimit + OPTConfiguration.positionOffset
    positions = Embedding(
      table: try source.tensor("\(prefix)embed_positions.weight", shape: [positionCount, hidden]))
    if embedding == hidden {
      (projectionIn, projectionOut) = (nil, nil)
    } else {
      projectionIn = try source.linear([("\(prefix)project_in", hidden)], inputs: embedding)
      projectionOut = try source.linear([("\(prefix)project_out", embedding)], inputs: hidden)
    }
    var layers: [OPTLayer] = []
    for index in 0..<configuration.layerCount {
      layers.append(try OPTLayer(configuration, prefix: "\(prefix)layers.\(index).", from: source))
    }
    self.layers = layers
    if configuration.hasFinalNorm {
      norm = try source.layerNorm(
        "\(prefix)final_layer_norm", count: hidden, hasParameters: configuration.hasNormParameters)
    } else {
      norm = nil
    }
    head = Head(projection: try source.head(table: table, isTied: configuration.tiesEmbedding))
  }
}

extension OPTLayer {
  /// Packs one layer.
  init(
    _ configuration: OPTConfiguration, prefix: String, from source: TensorSource
  ) throws(CheckpointError) {
    let hidden = configuration.hiddenSize
    normsFirst = configuration.normsFirst
    attentionNorm = try source.layerNorm(
      "\(prefix)self_attn_layer_norm", count: hidden, hasParameters: configuration.hasNormParameters)
    attention = Attention(
      headCount: configuration.headCount, keyValueHeadCount: configuration.headCount,
      headSize: hidden / configuration.headCount,
      queryKeyValue: try source.linear(
        [
          ("\(prefix)self_attn.q_proj", hidden), ("\(prefix)self_attn.k_proj", hidden),
          ("\(prefix)self_attn.v_proj", hidden),
        ],
        inputs: hidden),
      output: try source.linear([("\(prefix)self_attn.out_proj", hidden)], inputs: hidden),
      rotary: nil)
    feedForwardNorm = try source.layerNorm(
      "\(prefix)final_layer_norm", count: hidden, hasParameters: configuration.hasNormParameters)
    feedForward = ReLUFeedForward(
      up: try source.linear(
        [("\(prefix)fc1", configuration.intermediateSize)], inputs: hidden),
      down: try source.linear(
        [("\(prefix)fc2", hidden)], inputs: configuration.intermediateSize))
  }
}
