extension ModelConfiguration {
  /// The tokens after each of which a text has ended.
  public internal(set) var endTokens: [Int] {
    get {
      switch self {
      case .llama(let llama): llama.endTokens
      case .opt(let opt): opt.endTokens
      }
    }
    set {
      switch self {
      case .llama(var llama):
        llama.endTokens = newValue
        self = .llama(llama)
      case .opt(var opt):
        opt.endTokens = newValue
        self = .opt(opt)
      }
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
