import Certification
import SpeculativeDecoding
import Statistics
import ToyModels

/// Probabilities of long sequences of a case whose law need not be listed.
struct OrderedLaw: Sendable {
  private let model: MarkovModel<Double>
  private let prompt: [Token]

  /// The target's law after a case's prompt.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` where the case has no model, or ends with a token.
  init(_ instance: Instance) throws(StatisticsError) {
    guard instance.endToken == nil, let target = try? instance.pair.target.model(),
      let shaped = try? target.applying(instance.profile)
    else { throw .argument("\(instance.id) has no law of a fixed length") }
    model = shaped
    prompt = instance.pair.prompt
  }

  /// The probability of a sequence.
  func probability(of tokens: [Token]) -> Double {
    var context = prompt
    var probability = 1.0
    for token in tokens {
      let law = model.law(after: context) ?? []
      probability *= law.indices.contains(token) ? law[token] : 0
      context.append(token)
    }
    return probability
  }

  /// The sequences of a length in token order, with their probabilities.
  func sequences(length: Int) -> [(tokens: [Token], probability: Double)] {
    var all: [(tokens: [Token], probability: Double)] = [([], 1)]
    for _ in 0..<length {
      all = all.flatMap { entry in
        (model.law(after: prompt + entry.tokens) ?? []).enumerated().map {
          (entry.tokens + [$0.offset], entry.probability * $0.element)
        }
      }
    }
    return all
  }

  /// The probability that two independent sequences of a length are equal: Σp², by recursion over contexts.
  ///
  /// - Complexity: O(length · contexts · vocabulary).
  func collisionProbability(length: Int) -> Double {
    var weights: [[Token]: Double] = [Array(prompt.suffix(model.order)): 1]
    for _ in 0..<length {
      var next: [[Token]: Double] = [:]
      for context in weights.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        let weight = weights[context] ?? 0
        for (token, probability) in (model.law(after: context) ?? []).enumerated() where probability > 0 {
          next[Array((context + [token]).suffix(model.order)), default: 0] += weight * probability * probability
        }
      }
      weights = next
    }
    return weights.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).reduce(0) { $0 + (weights[$1] ?? 0) }
  }
}
