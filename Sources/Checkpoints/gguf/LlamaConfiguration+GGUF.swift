import JSONText

extension LlamaConfiguration {
  /// The numbers of a GGUF file of the llama architecture; what is absent means what llama.cpp takes it to mean.
  ///
  /// - Throws: ``CheckpointError``, where something is missing, out of range, or not computed here.
  init(_ gguf: GGUF) throws(CheckpointError) {
    let fields = GGUFFields(gguf: gguf, prefix: "llama.")
    let hidden = try fields.integer("embedding_length", in: ConfigurationLimits.width)
    let heads = try fields.integer("attention.head_count", in: ConfigurationLimits.width)
    let keyValueHeads = try fields.integer(
      "attention.head_count_kv", in: ConfigurationLimits.width, default: heads)
    if heads % keyValueHeads != 0 {
      throw fields.fault("attention.head_count_kv", "is \(keyValueHeads), which does not divide head_count \(heads)")
    }
    let headSize = try Self.headSize(fields, hidden: hidden, heads: heads)
    let vocabulary = try Self.vocabularySize(fields, hidden: hidden)

    vocabularySize = vocabulary
    hiddenSize = hidden
    intermediateSize = try fields.integer("feed_forward_length", in: ConfigurationLimits.width)
    layerCount = try fields.integer("block_count", in: ConfigurationLimits.layers)
    headCount = heads
    keyValueHeadCount = keyValueHeads
    self.headSize = headSize
    contextLimit = try fields.integer("context_length", in: ConfigurationLimits.context)
    normEpsilon = Float(try fields.number("attention.layer_norm_rms_epsilon", in: 0...1))
    ropeBase = try fields.number("rope.freq_base", in: 1...1e18, default: 10_000)
    ropeScaling = try RopeScaling(fields, headSize: headSize)
    tiesEmbedding = gguf.tensor("output.weight") == nil
    let biases = gguf.tensors.map(\.name).filter { $0.hasSuffix(".bias") }
    hasAttentionBias = biases.contains { $0.contains(".attn_") }
    hasFeedForwardBias = biases.contains { $0.contains(".ffn_") }
    let ends = GGUFEnds(gguf, vocabulary: vocabulary)
    beginToken = try ends.token("bos_token_id")
    endTokens = try ends.endTokens()
    try Self.requireNeutral(fields)
    // llama.cpp takes each bias of each layer as optional.
    absentBiases = Set(
      ModelConfiguration.llama(self).expectedTensors.map(\.name).filter {
        $0.hasSuffix(".bias") && gguf.tensor(GGUF.name(ofLlama: $0)) == nil
      })
  }

  private static func headSize(_ fields: GGUFFields, hidden: Int, heads: Int) throws(CheckpointError) -> Int {
    let key = "attention.key_length"
    let given = try fields.optionalInteger(key, in: ConfigurationLimits.width)
    guard let size = given ?? (hidden % heads == 0 ? hidden / heads : nil) else {
      throw fields.fault("attention.head_count", "is \(heads), which does not divide embedding_length \(hidden)")
    }
    // The rotation turns pairs.
    if size % 2 != 0 { throw fields.fault(key, "is \(size); it must be even") }
    if size > ConfigurationLimits.width.upperBound / heads {
      throw fields.fault(key, "is \(size); \(heads) heads of it are wider than any model")
    }
    for name in ["attention.value_length", "rope.dimension_count"] {
      if let other = try fields.optionalInteger(name, in: ConfigurationLimits.width), other != size {
        throw fields.fault(name, "is \(other), which is not supported; a head's length \(size) is")
      }
    }
    return size
  }

  /// The rows of the embedding, which must be as many as the tokenizer has tokens.
  private static func vocabularySize(_ fields: GGUFFields, hidden: Int) throws(CheckpointError) -> Int {
    let name = "token_embd.weight"
    guard let embedding = fields.gguf.tensor(name) else {
      throw .missingTensor(file: fields.gguf.file, tensor: name)
    }
    let rows = embedding.shape[0]
    guard embedding.shape.count == 2, ConfigurationLimits.vocabulary.contains(rows) else {
      throw .wrongShape(
        file: fields.gguf.file, tensor: name, shape: embedding.shape,
        expected: [min(rows, ConfigurationLimits.vocabulary.upperBound), hidden])
    }
    if case .array(let tokens)? = fields.gguf["tokenizer.ggml.tokens"] {
      if tokens.count != rows {
        throw fields.gguf.fault("tokenizer.ggml.tokens", "has \(tokens.count) tokens; tensor \(name) has \(rows) rows")
      }
    } else if let size = try fields.optionalInteger("vocab_size", in: ConfigurationLimits.vocabulary), size != rows {
      throw fields.fault("vocab_size", "is \(size); tensor \(name) has \(rows) rows")
    }
    return rows
  }

  /// Refuses variants that llama.cpp computes under the name of the architecture and that are not computed here.
  private static func requireNeutral(_ fields: GGUFFields) throws(CheckpointError) {
    for name in [
      "expert_count", "expert_used_count", "use_parallel_residual", "attention.sliding_window", "attention.clamp_kqv",
      "attention.max_alibi_bias", "attention.temperature_length", "attention.scale",
    ] {
      try fields.requireNeutral(name, 0)
    }
    for name in ["logit_scale", "residual_scale", "embedding_scale"] { try fields.requireNeutral(name, 0, 1) }
    try fields.requireNeutral("attention.causal", 1)
  }
}

extension RopeScaling {
  /// The scaling that a GGUF file asks for.
  fileprivate init(_ fields: GGUFFields, headSize: Int) throws(CheckpointError) {
    let typeKey = "rope.scaling.type"
    let type = try fields.gguf.string(fields.prefix + typeKey) ?? "linear"
    guard ["none", "linear"].contains(type) else {
      throw fields.fault(typeKey, "is \"\(type.oneLine())\", which is not supported; none and linear are")
    }
    try fields.requireNeutral("rope.scaling.attn_factor", 1)
    var factor = 1.0
    // The second is what files of 2023 called it.
    for name in ["rope.scaling.factor", "rope.scale_linear"] where factor == 1 {
      // 0 stands for no scaling.
      let given = try fields.number(name, in: 0...1e9, default: 1)
      if given != 0, given < 1 { throw fields.fault(name, "is \(given); it must be 0, or at least 1") }
      factor = given == 0 ? 1 : given
    }
    if type == "none" { factor = 1 }
    guard let tensor = try fields.gguf.frequencyFactors(headSize: headSize) else {
      self = factor == 1 ? .none : .linear(factor: factor)
      return
    }
    guard factor == 1 else {
      throw fields.fault(
        "rope.scaling.factor", "is \(factor), and rope_freqs.weight scales too; one alone is supported")
    }
    self = .factors(tensor)
  }
}

extension GGUF {
  /// The divisors of the rotary frequencies, one each; nil where the file has no such tensor.
  fileprivate func frequencyFactors(headSize: Int) throws(CheckpointError) -> [Float]? {
    guard let entry = tensor(Self.frequencyFactorsName) else { return nil }
    let factors = try tensor(entry, named: entry.name, shape: [headSize / 2]).floats()
    guard factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw .malformed(file: file, tensor: entry.name, reason: "holds a factor that is not above 0, or not finite")
    }
    return factors
  }
}
