extension Checkpoint {
  /// The same model over the first `count` tokens alone: a tokenizer's, where the tables have padding rows after them.
  ///
  /// The embedding and the head lose their other rows, so that a token beyond has no logit and no law gives it anything:
  /// its probability is 0, exactly. End tokens beyond are dropped, for they cannot occur; so is such a begin token.
  /// - Parameter count: at least 1; a model of no more tokens is returned as it is.
  package func limited(toVocabulary count: Int) -> Checkpoint {
    guard count < configuration.vocabularySize else { return self }
    var tensors = tensors
    for name in [configuration.embeddingName, "lm_head.weight"] {
      if let table = tensors[name] { tensors[name] = table.prefix(rows: count) }
    }
    var limited = Checkpoint(configuration: configuration.limited(toVocabulary: count), place: place, tensors: tensors)
    (limited.configurationFile, limited.gguf) = (configurationFile, gguf)
    return limited
  }
}

extension ModelConfiguration {
  fileprivate func limited(toVocabulary count: Int) -> ModelConfiguration {
    switch self {
    case .llama(var llama):
      llama.vocabularySize = count
      llama.endTokens.removeAll { $0 >= count }
      llama.beginToken = llama.beginToken.flatMap { $0 < count ? $0 : nil }
      return .llama(llama)
    case .opt(var opt):
      opt.vocabularySize = count
      opt.endTokens.removeAll { $0 >= count }
      opt.beginToken = opt.beginToken.flatMap { $0 < count ? $0 : nil }
      return .opt(opt)
    }
  }
}
