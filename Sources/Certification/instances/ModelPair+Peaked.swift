import Probability
import SpeculativeDecoding
import ToyModels

extension ModelPair {
  /// A target that is nearly sure of each token, under a draft that is surer of one and less sure of the next.
  ///
  /// The likely text alternates between tokens 0 and 1. After 0 the draft is surer than the target: a rule that accepts what
  /// the target is sure of emits it too often. After 1 the draft is less sure: a rule that rejects what the target finds
  /// unlikely never emits it. Whatever is unlikely is token 2, which stays: few sequences, each in a cell of its own.
  /// - Parameter thousandths: the target's probability of the likely token, in thousandths; 500 to 999.
  /// - Throws: ``ToyModelError``, if the rows were no laws.
  static func peaked(_ thousandths: Int) throws(ToyModelError) -> ModelPair {
    let (likely, unlikely) = (Rational(thousandths, 1000), Rational(1000 - thousandths, 1000))
    // A fifth of what the target leaves: at 0.995 the draft says 0.999.
    let (surer, rest) = (.one - unlikely / 5, unlikely / 5)
    let stay: [Rational] = [.zero, .zero, .one]
    let target: [[Token]: [Rational]] = [
      []: [.zero, likely, unlikely], [0]: [.zero, likely, unlikely], [1]: [likely, .zero, unlikely], [2]: stay,
    ]
    let draft: [[Token]: [Rational]] = [
      []: [.zero, surer, rest], [0]: [.zero, surer, rest], [1]: [Rational(1, 4), .zero, Rational(3, 4)], [2]: stay,
    ]
    return ModelPair(
      name: "peaked-\(thousandths)",
      target: ModelDocument(try MarkovModel(vocabularySize: 3, order: 1, rows: target)),
      draft: ModelDocument(try MarkovModel(vocabularySize: 3, order: 1, rows: draft)), prompt: [0])
  }
}
