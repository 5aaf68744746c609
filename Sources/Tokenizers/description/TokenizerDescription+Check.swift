import Checkpoints
import JSONText
import SpeculativeDecoding

extension TokenizerDescription {
  /// An error about the tokenizer.
  func fault(_ reason: String) -> CheckpointError { .configuration(file: place, reason: reason) }

  /// Refuses what no tokenizer can be made of.
  ///
  /// - Throws: ``CheckpointError/configuration(file:reason:)``
  func check() throws(CheckpointError) {
    guard (1...TokenizerLimits.tokens).contains(tokens.count) else {
      throw fault("has \(tokens.count) tokens; there must be 1 to \(TokenizerLimits.tokens)")
    }
    for (token, text) in tokens.enumerated() where text.count > TokenizerLimits.tokenBytes {
      throw fault("token \(token) has \(text.count) bytes; at most \(TokenizerLimits.tokenBytes) are read")
    }
    if let unknownToken { try check(unknownToken, "the unknown token") }
    for token in beginTokens ?? [] { try check(token, "the begin token") }
    for token in controlTokens { try check(token, "the control token") }
    try checkAlgorithm()
    try checkAdded()
  }

  private func checkAlgorithm() throws(CheckpointError) {
    switch algorithm {
    case .bytePairs(let merges):
      for merge in merges {
        for token in [merge.left, merge.right, merge.result] { try check(token, "a merge's token") }
        guard (0...Int(UInt32.max)).contains(merge.rank) else { throw fault("a merge has the rank \(merge.rank)") }
      }
    case .unigram(let scores):
      guard scores.count == tokens.count else {
        throw fault("has \(tokens.count) tokens and \(scores.count) scores; each token needs one")
      }
      if let token = scores.firstIndex(where: { !$0.isFinite }) {
        throw fault("token \(token) has the score \(scores[token]); it must be a finite number")
      }
    }
  }

  private func checkAdded() throws(CheckpointError) {
    var contents: Set<[UInt8]> = []
    for token in added {
      try check(token.token, "the added token")
      if token.content.isEmpty { throw fault("the added token \(token.token) is empty") }
      guard contents.insert(token.content).inserted else {
        throw fault("the added token \(Self.quoted(token.content)) occurs twice")
      }
    }
  }

  private func check(_ token: Token, _ name: String) throws(CheckpointError) {
    guard tokens.indices.contains(token) else {
      throw fault("\(name) \(token) is out of range; the vocabulary is 0...\(tokens.count - 1)")
    }
  }

  /// A token as a part of a message.
  static func quoted(_ text: some Sequence<UInt8>) -> String {
    "\"\(String(decoding: Array(text), as: UTF8.self).oneLine(limit: 48))\""
  }
}

extension TokenizerDescription {
  /// A text after all normalisations.
  func normalized(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var text = text
    for normalization in normalizations {
      switch normalization {
      case .prepend(let string): if !text.isEmpty { text = (string + text)[...] }
      case .composed: text = CanonicalComposition.composed(text)[...]
      case .replace(let string, let other): text = Self.replacing(string, with: other, in: text)[...]
      }
    }
    return Array(text)
  }

  /// A text with one string for each occurrence of another, from left to right without overlaps.
  static func replacing(_ string: [UInt8], with other: [UInt8], in text: ArraySlice<UInt8>) -> [UInt8] {
    guard let first = string.first else { return Array(text) }
    var replaced: [UInt8] = []
    replaced.reserveCapacity(text.count)
    var position = text.startIndex
    while position < text.endIndex {
      if text[position] == first, text[position...].starts(with: string) {
        replaced += other
        position += string.count
      } else {
        replaced.append(text[position])
        position += 1
      }
    }
    return replaced
  }
}
