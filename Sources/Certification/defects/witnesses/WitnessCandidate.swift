import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// A pair of models as whole-number weights: what the search for a witness moves through.
struct WitnessCandidate: Hashable, Sendable {
  /// Tokens in the vocabulary.
  var vocabulary: Int
  /// Tokens that the target looks back.
  var order: Int
  /// Tokens that the draft looks back, `order` at most.
  var draftOrder: Int
  /// Weights of the target's rows and the draft's, from 0 to 16.
  var target: [[Int]]
  var draft: [[Int]]

  static let largestWeight = 16

  /// Random weights.
  init(vocabulary: Int, order: Int, draftOrder: Int = 1, using generator: inout SplitMix64) {
    self.vocabulary = vocabulary
    self.order = order
    self.draftOrder = min(order, draftOrder)
    func rows(_ order: Int) -> [[Int]] {
      (0..<Self.rowCount(vocabulary: vocabulary, order: order)).map { _ in
        (0..<vocabulary).map { _ in Int(generator.next() % UInt64(Self.largestWeight + 1)) }
      }
    }
    target = rows(order)
    draft = rows(self.draftOrder)
    for index in target.indices { Self.mend(&target[index]) }
    for index in draft.indices { Self.mend(&draft[index]) }
  }

  /// Contexts of 0, 1, … `order` tokens.
  static func rowCount(vocabulary: Int, order: Int) -> Int {
    (0...order).reduce((0, 1)) { sum, _ in (sum.0 + sum.1, sum.1 * vocabulary) }.0
  }

  private static func mend(_ row: inout [Int]) {
    if row.allSatisfy({ $0 == 0 }) { row[0] = 1 }
  }

  /// One weight, or two, moved: a little, or to anything.
  func neighbour(using generator: inout SplitMix64) -> WitnessCandidate {
    var next = self
    for _ in 0...(Int(generator.next() % 2)) {
      let step = generator.next() % 4 == 0 ? Int(generator.next() % 17) - 8 : [-1, 1, -2, 2][Int(generator.next() % 4)]
      if generator.next() % 2 == 0 {
        Self.move(&next.target, by: step, using: &generator)
      } else {
        Self.move(&next.draft, by: step, using: &generator)
      }
    }
    return next
  }

  private static func move(_ rows: inout [[Int]], by step: Int, using generator: inout SplitMix64) {
    let row = Int(generator.next() % UInt64(rows.count))
    let token = Int(generator.next() % UInt64(rows[row].count))
    rows[row][token] = min(max(rows[row][token] + step, 0), largestWeight)
    mend(&rows[row])
  }

  /// The pair of models that the weights make, decoded from a prompt of `order` tokens, at least one.
  func pair(name: String) throws(ToyModelError) -> ModelPair {
    ModelPair(
      name: name, target: ModelDocument(try model(target, order: order)),
      draft: ModelDocument(try model(draft, order: draftOrder)),
      prompt: Array(repeating: 0, count: max(order, 1)))
  }

  private func model(_ rows: [[Int]], order: Int) throws(ToyModelError) -> MarkovModel<Rational> {
    var table: [[Token]: [Rational]] = [:]
    var contexts: [[Token]] = [[]]
    var index = 0
    for length in 0...order {
      for context in contexts {
        let sum = rows[index].reduce(0, +)
        table[context] = rows[index].map { Rational($0, sum) }
        index += 1
      }
      if length < order { contexts = contexts.flatMap { context in (0..<vocabulary).map { context + [$0] } } }
    }
    return try MarkovModel(vocabularySize: vocabulary, order: order, rows: table)
  }
}
