extension LlamaConfiguration {
  /// Sizes must be there; what old configurations lack means what `transformers` takes it to mean.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)``
  init(_ fields: ConfigurationFields) throws(CheckpointError) {
    vocabularySize = try fields.integer("vocab_size", in: ConfigurationLimits.vocabulary)
    hiddenSize = try fields.integer("hidden_size", in: ConfigurationLimits.width)
    intermediateSize = try fields.integer("intermediate_size", in: ConfigurationLimits.width)
    layerCount = try fields.integer("num_hidden_layers", in: ConfigurationLimits.layers)
    headCount = try fields.integer("num_attention_heads", in: ConfigurationLimits.width)
    try fields.divisor("num_attention_heads", headCount, of: "hidden_size", hiddenSize)
    keyValueHeadCount = try fields.integer("num_key_value_heads", in: ConfigurationLimits.width, default: headCount)
    try fields.divisor("num_key_value_heads", keyValueHeadCount, of: "num_attention_heads", headCount)
    headSize = try fields.integer("head_dim", in: ConfigurationLimits.width, default: hiddenSize / headCount)
    // The rotation turns pairs.
    if headSize % 2 != 0 { throw fields.fault("head_dim", "is \(headSize); it must be even") }
    if headSize > ConfigurationLimits.width.upperBound / headCount {
      throw fields.fault("head_dim", "is \(headSize); \(headCount) heads of it are wider than any model")
    }
    contextLimit = try fields.integer("max_position_embeddings", in: ConfigurationLimits.context, default: 2048)
    normEpsilon = Float(try fields.number("rms_norm_eps", in: 0...1, default: 1e-6))
    _ = try fields.choice("hidden_act", of: ["silu", "swish"], default: "silu")
    (ropeBase, ropeScaling) = try RopeScaling.read(fields, contextLimit: contextLimit)
    tiesEmbedding = try fields.boolean("tie_word_embeddings", default: false)
    hasAttentionBias = try fields.boolean("attention_bias", default: false)
    hasFeedForwardBias = try fields.boolean("mlp_bias", default: false)
    endTokens = try fields.endTokens(vocabulary: vocabularySize, default: 2)
    beginToken = try fields.beginToken(vocabulary: vocabularySize, default: 1)
  }
}
