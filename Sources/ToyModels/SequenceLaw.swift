import Probability
import SpeculativeDecoding

/// The exact law of the next tokens of a model: every sequence of positive probability, in token order.
public struct SequenceLaw<Scalar: ProbabilityScalar>: Hashable, Sendable {
  /// The sequences, each of `length` tokens, or shorter where it ends with the end token.
  public let sequences: [[Token]]
  /// The probability of each sequence; positive.
  public let probabilities: [Scalar]

  /// The law of `length` tokens after a prompt.
  ///
  /// - Parameters:
  ///   - endToken: a sequence stops after it.
  ///   - limit: the most sequences to list.
  /// - Throws: what the model says of the prompt, ``SpeculativeDecodingError/nothingToDecode`` for length 0, and
  ///   ``SpeculativeDecodingError/model(_:)`` beyond the limit.
  /// - Complexity: O(sequences · length · vocabulary); at most vocabulary^length sequences.
  public init(
    of model: MarkovModel<Scalar>, after prompt: [Token], length: Int, endToken: Token? = nil,
    limit: Int = .max
  ) throws(SpeculativeDecodingError) {
    guard length > 0 else { throw .nothingToDecode }
    var context = model.makeContext()
    try model.begin(prompt, in: &context)
    var sequences: [[Token]] = []
    var probabilities: [Scalar] = []
    // An explicit stack, last token first, so that sequences come out in token order.
    var pending: [(tokens: [Token], probability: Scalar)] = [([], .one)]
    while let (tokens, probability) = pending.popLast() {
      if tokens.count == length || (endToken != nil && tokens.last == endToken) {
        sequences.append(tokens)
        probabilities.append(probability)
        guard sequences.count <= limit else {
          throw .model(
            "the law of \(length) tokens has more than \(limit) sequences; test fewer tokens, or set a top-k")
        }
        continue
      }
      let law = model.law(after: prompt + tokens) ?? []
      for token in law.indices.reversed() where law[token] > .zero {
        pending.append((tokens + [token], probability * law[token]))
      }
    }
    self.sequences = sequences
    self.probabilities = probabilities
  }

  /// The law as a dictionary.
  public var table: [[Token]: Scalar] {
    Dictionary(uniqueKeysWithValues: zip(sequences, probabilities))
  }
}
