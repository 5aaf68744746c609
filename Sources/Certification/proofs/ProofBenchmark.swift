import Probability
import SpeculativeDecoding
import ToyModels

/// How many choices a second the enumeration of the decoder answers, in exact fractions on one thread.
package enum ProofBenchmark {
  /// One figure: a method on the proof corpus's generic pair of three tokens.
  package struct Figure: Codable, Hashable, Sendable {
    /// The rule's name in the port protocol.
    package var rule: String
    /// The shape, such as "2-2" or "2x2".
    package var shape: String
    /// Tokens in the vocabulary.
    package var vocabulary: Int
    /// Questions that the source of choices answered, a second.
    package var choicesPerSecond: Double
    /// Paths through the decoder's choices, a second.
    package var branchesPerSecond: Double
  }

  /// Enumerates one round over and over for about `seconds`.
  ///
  /// - Throws: what the decoder throws of the method's shape.
  package static func measure(_ method: DecodingMethod, seconds: Double) throws -> Figure {
    let pair = try ModelPair.corners()[0]
    let decoder = try Instance(method: method, pair: pair).decoder()
    let start = ContinuousClock.now
    var (choices, branches) = (0, 0)
    repeat {
      let law = try decoder.roundLaw(after: pair.prompt)
      choices += law.choices
      branches += law.branches
    } while start.duration(to: .now) < .seconds(seconds)
    let duration = start.duration(to: .now) / .seconds(1)
    return Figure(
      rule: method.rule.name, shape: method.shape.text, vocabulary: pair.target.vocabulary,
      choicesPerSecond: Double(choices) / duration, branchesPerSecond: Double(branches) / duration)
  }
}
