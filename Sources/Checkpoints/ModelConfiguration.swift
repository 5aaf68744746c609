/// A model's configuration, from `config.json` or a GGUF file: every number in the range that its architecture needs.
public enum ModelConfiguration: Hashable, Sendable {
  /// Llama: RMSNorm, rotary positions, grouped queries, SwiGLU.
  case llama(LlamaConfiguration)
  /// OPT: learned positions, layer norm before or after, ReLU, biases.
  case opt(OPTConfiguration)
}

/// The numbers of a Llama.
public struct LlamaConfiguration: Hashable, Sendable {
  /// Tokens in the vocabulary.
  public var vocabularySize: Int
  /// Length of a hidden state.
  public var hiddenSize: Int
  /// Length of the feed-forward layer's inner state.
  public var intermediateSize: Int
  /// Decoder layers.
  public var layerCount: Int
  /// Query heads.
  public var headCount: Int
  /// Key and value heads; divides ``headCount``.
  public var keyValueHeadCount: Int
  /// Length of one head's vectors; even.
  public var headSize: Int
  /// The longest context, in tokens.
  public var contextLimit: Int
  /// Added to the mean square in RMSNorm.
  public var normEpsilon: Float
  /// The base of the rotary frequencies.
  public var ropeBase: Double
  /// How the rotary frequencies are scaled.
  public var ropeScaling: RopeScaling
  /// Whether the head's weights are the embedding's.
  public var tiesEmbedding: Bool
  /// Whether the attention's projections have biases.
  public var hasAttentionBias: Bool
  /// Whether the feed-forward projections have biases.
  public var hasFeedForwardBias: Bool
  /// The biases that a projection lacks although others of its kind have one, as a GGUF file may; they are 0.
  package var absentBiases: Set<String> = []
  /// The tokens after which a model has ended.
  public var endTokens: [Int]
  /// The token that a text begins with; nil where there is none.
  public var beginToken: Int?
}

/// How rotary frequencies are scaled for contexts longer than a model was trained on.
public enum RopeScaling: Hashable, Sendable {
  /// Not at all.
  case none
  /// Every frequency is divided by the factor.
  case linear(factor: Double)
  /// Low frequencies are divided by the factor, high ones kept, those between interpolated (Llama 3).
  case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContext: Int)
  /// Each frequency is divided by a factor of its own, the first by the first (GGUF's `rope_freqs.weight`).
  case factors([Float])
}

/// The numbers of an OPT.
public struct OPTConfiguration: Hashable, Sendable {
  /// Tokens in the vocabulary.
  public var vocabularySize: Int
  /// Length of a hidden state.
  public var hiddenSize: Int
  /// Length of an embedding; where it differs from ``hiddenSize``, projections join the two.
  public var embeddingSize: Int
  /// Length of the feed-forward layer's inner state.
  public var intermediateSize: Int
  /// Decoder layers.
  public var layerCount: Int
  /// Attention heads.
  public var headCount: Int
  /// The longest context, in tokens.
  public var contextLimit: Int
  /// Whether a layer norms its input (all but the 350M) or its output.
  public var normsFirst: Bool
  /// Whether a norm follows the last layer (pre-norm models only).
  public var hasFinalNorm: Bool
  /// Whether projections have biases.
  public var hasBias: Bool
  /// Whether norms have weights and biases.
  public var hasNormParameters: Bool
  /// Whether the head's weights are the embedding's.
  public var tiesEmbedding: Bool
  /// The tokens after which a model has ended.
  public var endTokens: [Int]
  /// The token that a text begins with; nil where there is none.
  public var beginToken: Int?
}
