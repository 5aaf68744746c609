import EmbeddedFixtures
import Probability
import SpeculativeDecoding
import ToyModels

/// A target and a draft over one vocabulary, with the prompt to decode from.
public struct ModelPair: Hashable, Sendable {
  /// The pair's name in case identifiers.
  public var name: String
  /// The model whose law is certified.
  public var target: ModelDocument
  /// The model that proposes.
  public var draft: ModelDocument
  /// The tokens to decode from.
  public var prompt: [Token]
  /// Whether the pair is decoded under top-k 3 at most, so that its laws have few cells.
  public var needsTopK = false

  /// A pair to decode from a prompt.
  public init(name: String, target: ModelDocument, draft: ModelDocument, prompt: [Token]) {
    self.name = name
    self.target = target
    self.draft = draft
    self.prompt = prompt
  }
}

extension ModelPair {
  /// The pairs of the default suite, exact, V ≤ 3 (or top-k ≤ 3), each hard in its own way.
  ///
  /// - Throws: ``ToyModelError``, if a table here were no model.
  public static func suite() throws(ToyModelError) -> [ModelPair] {
    [
      try nearEqual(), try antiCorrelated(), try zeros(), try oneHot(), try contextual(), try binary(),
      try genesis(),
    ]
  }

  /// The draft is nearly the target: rejections are rare, and a wrong residual shows only in them.
  public static func nearEqual() throws(ToyModelError) -> ModelPair {
    try pair(
      "near-equal", target: [[10, 6, 4], [6, 8, 6], [5, 6, 9]], draft: [[9, 6, 5], [7, 7, 6], [5, 7, 8]])
  }

  /// The draft likes what the target does not: nearly every token comes from a residual.
  static func antiCorrelated() throws(ToyModelError) -> ModelPair {
    try pair(
      "anti-correlated", target: [[12, 6, 2], [3, 6, 11], [8, 10, 2]], draft: [[2, 5, 13], [12, 6, 2], [3, 3, 14]])
  }

  /// Supports that overlap in part: tokens that only the draft or only the target can emit.
  static func zeros() throws(ToyModelError) -> ModelPair {
    try pair("zeros", target: [[1, 1, 0], [0, 1, 2], [3, 0, 1]], draft: [[0, 1, 1], [1, 1, 0], [1, 1, 1]])
  }

  /// Rows with a single token, in the target and in the draft.
  static func oneHot() throws(ToyModelError) -> ModelPair {
    try pair("one-hot", target: [[0, 1, 0], [3, 4, 3], [1, 0, 1]], draft: [[2, 5, 3], [0, 0, 1], [1, 2, 1]])
  }

  /// A target that looks back two tokens and a draft that looks back one.
  static func contextual() throws(ToyModelError) -> ModelPair {
    let target: [[Token]: [Rational]] = [
      []: row([3, 2]), [0]: row([7, 3]), [1]: row([2, 3]), [0, 0]: row([7, 3]), [0, 1]: row([3, 7]),
      [1, 0]: row([2, 3]), [1, 1]: row([13, 7]),
    ]
    let draft: [[Token]: [Rational]] = [[]: row([1, 1]), [0]: row([2, 3]), [1]: row([7, 3])]
    return ModelPair(
      name: "contextual",
      target: ModelDocument(try MarkovModel(vocabularySize: 2, order: 2, rows: target)),
      draft: ModelDocument(try MarkovModel(vocabularySize: 2, order: 1, rows: draft)), prompt: [0])
  }

  /// A target and a draft that both look back two tokens, and mistake much where they look at others.
  public static func recalling() throws(ToyModelError) -> ModelPair {
    let target: [[Token]: [Rational]] = [
      []: row([1, 1]), [0]: row([3, 2]), [1]: row([2, 3]), [0, 0]: row([9, 1]), [0, 1]: row([1, 4]),
      [1, 0]: row([1, 5]), [1, 1]: row([7, 3]),
    ]
    let draft: [[Token]: [Rational]] = [
      []: row([1, 1]), [0]: row([1, 1]), [1]: row([1, 1]), [0, 0]: row([7, 1]), [0, 1]: row([1, 6]),
      [1, 0]: row([1, 8]), [1, 1]: row([5, 3]),
    ]
    return ModelPair(
      name: "recalling", target: ModelDocument(try MarkovModel(vocabularySize: 2, order: 2, rows: target)),
      draft: ModelDocument(try MarkovModel(vocabularySize: 2, order: 2, rows: draft)), prompt: [0, 0])
  }

  /// Two tokens and nearly opposite laws, as in the RSD paper's Bernoulli example: a second draw settles everything.
  static func binary() throws(ToyModelError) -> ModelPair {
    try pair("binary", target: [[3, 1], [2, 3]], draft: [[1, 9], [7, 3]])
  }

  /// Characters of Genesis: a bigram target, and a draft that mostly forgets the context.
  static func genesis() throws(ToyModelError) -> ModelPair {
    let counts = try NGramCounts(of: EmbeddedFixtures.genesis, order: 1)
    // 12 bits: rows stay exact and a certificate that carries them stays small.
    let target = try counts.model(weights: [1, 4, 15], resolution: 4096)
    let draft = try counts.model(weights: [1, 14, 5], resolution: 4096)
    let prompt = "the ".map { NGramCounts.letters.firstIndex(of: $0) ?? 0 }
    let source = "King James Version, Genesis; see Fixtures/README.md"
    var pair = ModelPair(
      name: "genesis", target: ModelDocument(target, name: "genesis-target", source: source),
      draft: ModelDocument(draft, name: "genesis-draft", source: source), prompt: prompt)
    pair.needsTopK = true
    return pair
  }

  /// An order-1 pair from whole-number weights; the law before any token is row 0's.
  static func pair(
    _ name: String, target: [[Int]], draft: [[Int]]
  ) throws(ToyModelError) -> ModelPair {
    ModelPair(
      name: name, target: try document(target), draft: try document(draft), prompt: [0])
  }

  /// An order-0 pair from whole-number weights.
  static func categorical(_ name: String, target: [Int], draft: [Int]) throws(ToyModelError) -> ModelPair {
    ModelPair(
      name: name, target: ModelDocument(try MarkovModel.categorical(row(target))),
      draft: ModelDocument(try MarkovModel.categorical(row(draft))), prompt: [0])
  }

  private static func document(_ weights: [[Int]]) throws(ToyModelError) -> ModelDocument {
    var rows: [[Token]: [Rational]] = [[]: row(weights[0])]
    for (token, weights) in weights.enumerated() { rows[[token]] = row(weights) }
    return ModelDocument(try MarkovModel(vocabularySize: weights.count, order: 1, rows: rows))
  }

  private static func row(_ weights: [Int]) -> [Rational] {
    let sum = weights.reduce(0, +)
    return weights.map { Rational($0, sum) }
  }
}
