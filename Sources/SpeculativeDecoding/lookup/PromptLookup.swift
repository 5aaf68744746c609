import Probability

/// A draft without weights: the n-grams of the text so far, as a law.
///
/// Prompt look-up proposes what followed the last tokens where they stood before. Usually that is one string; here it is a
/// law of its own, so that whatever is drawn from it, with or without replacement, can be verified by its exact
/// probability. With c(y) the number of times that y followed the last k tokens of the text, N their sum, T the number
/// of different y, d the discount, and V the vocabulary's size,
///
///     pₖ(y) = (c(y) − d)₊ / N + (d·T / N) · pₖ₋₁(y)      pₖ = pₖ₋₁ where N = 0      p₋₁(y) = 1 / V
///
/// and the law after the text is pₙ, n the order. It sums to one exactly. The counts are of the text alone: after an empty
/// text the law is uniform. In a tree the text of a node is the context and the node's path.
/// - Source: Saxena, "Prompt Lookup Decoding", 2023, for the draft; Ney, Essen and Kneser, "On structuring probabilistic
///   dependences in stochastic language modelling", 1994, for interpolation by absolute discounting.
public struct PromptLookup<Scalar: ProbabilityScalar>: Sendable {
  /// Tokens in the vocabulary.
  public let vocabularySize: Int
  /// n, the longest context that is looked up.
  public let order: Int
  /// d, what is taken of each count for the shorter contexts.
  public let discount: Rational

  /// The name of this draft on the command line and in records.
  public static var name: String { "prompt-lookup" }

  /// The order where none is given.
  public static var defaultOrder: Int { 3 }

  /// The discount where none is given.
  public static var defaultDiscount: Rational { Rational(1, 4) }

  /// Orders that are allowed.
  public static var orders: ClosedRange<Int> { 0...32 }

  /// A draft over a vocabulary.
  ///
  /// - Parameters:
  ///   - vocabularySize: at least 1, below 2³¹.
  ///   - order: one of ``orders``.
  ///   - discount: 0 to 1; at 0 only the longest context that is found counts.
  /// - Throws: ``SpeculativeDecodingError/emptyVocabulary``, and ``SpeculativeDecodingError/model(_:)`` for what is out of
  ///   range.
  public init(
    vocabularySize: Int, order: Int = Self.defaultOrder, discount: Rational = Self.defaultDiscount
  ) throws(SpeculativeDecodingError) {
    guard vocabularySize > 0 else { throw .emptyVocabulary }
    guard vocabularySize <= Int(Int32.max) else {
      throw .model("a vocabulary of \(vocabularySize) tokens is too large; tokens are numbers of 32 bits")
    }
    guard Self.orders.contains(order) else {
      throw .model(
        "the order \(order) is out of range; it must be \(Self.orders.lowerBound) to \(Self.orders.upperBound)")
    }
    guard discount >= .zero, discount <= .one else {
      throw .model("the discount \(discount) is out of range; it must be 0 to 1")
    }
    (self.vocabularySize, self.order, self.discount) = (vocabularySize, order, discount)
  }

  /// Writes the law after an index's text into a row.
  ///
  /// - Complexity: O(vocabulary + continuations of the last 0, 1, … order tokens).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Rational)
  func write(_ index: borrowing NGramIndex, into laws: inout LawTable<Scalar>, row: Int) {
    let discount = Scalar(nearest: self.discount)
    let found = (0...order).reversed().filter { length in
      let context = index.suffix(length: length)
      return context >= 0 && index.grams[Int(context)].followed > 0
    }
    // From the longest context down, each has what the longer ones leave to it.
    var masses: [Scalar] = []
    var left = Scalar.one
    for length in found {
      masses.append(left)
      let context = index.grams[Int(index.suffix(length: length))]
      left = left * (discount * Scalar(Int(context.followers)) / Scalar(Int(context.followed)))
    }
    laws.fill(row: row, with: left / Scalar(vocabularySize))
    let start = laws.row(row).lowerBound
    for (length, mass) in zip(found, masses) where mass > .zero {
      let context = index.grams[Int(index.suffix(length: length))]
      let unit = mass / Scalar(Int(context.followed))
      var child = context.newestChild
      while child >= 0 {
        let gram = index.grams[Int(child)]
        laws.values[start + Int(gram.token)] += unit * (Scalar(Int(gram.count)) - discount)
        child = gram.olderSibling
      }
    }
  }
}
