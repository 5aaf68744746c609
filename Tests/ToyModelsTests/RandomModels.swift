import Probability
import SpeculativeDecoding
import ToyModels

/// Exact models at random, with zeros and one-hot rows in them, the same for every run.
struct RandomModels {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  mutating func row(_ vocabulary: Int) -> [Rational] {
    var weights = (0..<vocabulary).map { _ in below(4) == 0 ? 0 : 1 + below(9) }
    if weights.allSatisfy({ $0 == 0 }) { weights[below(vocabulary)] = 1 }
    let sum = weights.reduce(0, +)
    return weights.map { Rational($0, sum) }
  }

  /// Rows for contexts of `order` tokens and of every shorter length down to `shortest`.
  mutating func rows(vocabulary: Int, order: Int, shortest: Int = 0) -> [[Token]: [Rational]] {
    var rows: [[Token]: [Rational]] = [:]
    for length in shortest...order {
      for context in Self.contexts(length, vocabulary) { rows[context] = row(vocabulary) }
    }
    return rows
  }

  mutating func model(vocabulary: Int, order: Int) throws -> MarkovModel<Rational> {
    try MarkovModel(vocabularySize: vocabulary, order: order, rows: rows(vocabulary: vocabulary, order: order))
  }

  static func contexts(_ length: Int, _ vocabulary: Int) -> [[Token]] {
    (0..<length).reduce([[]]) { contexts, _ in
      contexts.flatMap { context in (0..<vocabulary).map { context + [$0] } }
    }
  }
}

/// Vocabularies and orders that are small and unlike each other.
enum Sizes {
  static let all = [(1, 0), (2, 0), (4, 0), (1, 2), (2, 1), (3, 1), (5, 1), (2, 2), (3, 2), (2, 3)]
}
