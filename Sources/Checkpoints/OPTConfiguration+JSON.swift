extension OPTConfiguration {
  /// Sizes must be there; what old configurations lack means what `transformers` takes it to mean.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)``
  init(_ fields: ConfigurationFields) throws(CheckpointError) {
    vocabularySize = try fields.integer("vocab_size", in: ConfigurationLimits.vocabulary)
    hiddenSize = try fields.integer("hidden_size", in: ConfigurationLimits.width)
    embeddingSize = try fields.integer("word_embed_proj_dim", in: ConfigurationLimits.width, default: hiddenSize)
    intermediateSize = try fields.integer("ffn_dim", in: ConfigurationLimits.width)
    layerCount = try fields.integer("num_hidden_layers", in: ConfigurationLimits.layers)
    headCount = try fields.integer("num_attention_heads", in: ConfigurationLimits.width)
    try fields.divisor("num_attention_heads", headCount, of: "hidden_size", hiddenSize)
    contextLimit = try fields.integer("max_position_embeddings", in: ConfigurationLimits.context, default: 2048)
    _ = try fields.choice("activation_function", of: ["relu"], default: "relu")
    normsFirst = try fields.boolean("do_layer_norm_before", default: true)
    // The checkpoints of before transformers 4.20 lack the norm after the last layer and say so.
    hasFinalNorm = try !fields.boolean("_remove_final_layer_norm", default: false) && normsFirst
    hasBias = try fields.boolean("enable_bias", default: true)
    hasNormParameters = try fields.boolean("layer_norm_elementwise_affine", default: true)
    tiesEmbedding = try fields.boolean("tie_word_embeddings", default: true)
    endTokens = try fields.endTokens(vocabulary: vocabularySize, default: 2)
    beginToken = try fields.beginToken(vocabulary: vocabularySize, default: 2)
  }
}
