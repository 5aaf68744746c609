extension ModelConfiguration {
  /// The tokens after which a text has ended.
  public var endTokens: [Int] {
    switch self {
    case .llama(let llama): llama.endTokens
    case .opt(let opt): opt.endTokens
    }
  }

  /// The token that a text begins with; nil where there is none.
  public var beginToken: Int? {
    switch self {
    case .llama(let llama): llama.beginToken
    case .opt(let opt): opt.beginToken
    }
  }

  /// Tokens in the vocabulary.
  public var vocabularySize: Int {
    switch self {
    case .llama(let llama): llama.vocabularySize
    case .opt(let opt): opt.vocabularySize
    }
  }

  /// Numbers in all tensors; weights that the head shares with the embedding count once.
  public var parameterCount: Int { expectedTensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}
