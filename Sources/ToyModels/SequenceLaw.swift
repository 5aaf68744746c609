import Probability
import SpeculativeDecoding

/// The exact law of the next tokens of a model: every sequence of positive probability, in token order.
public struct SequenceLaw<Scalar: ProbabilityScalar>: Hashable, Sendable {
  /// The sequences, each of `length` tokens, or shorter where it ends with the end token.
  public let sequences: [[Token]]
  /// The probability of each sequence; positive.
  public let probabilities: [Scalar]

  /// The law of `length` tokens after a prompt, with one end token or none.
  ///
  /// - Throws: what ``init(of:after:length:endTokens:limit:isInterrupted:)`` throws.
  public init(
    of model: MarkovModel<Scalar>, after prompt: [Token], length: Int, endToken: Token? = nil, limit: Int = .max,
    isInterrupted: () -> Bool = { false }
  ) throws(SpeculativeDecodingError) {
    try self.init(
      of: model, after: prompt, length: length, endTokens: endToken.map { [$0] } ?? [], limit: limit,
      isInterrupted: isInterrupted)
  }

  /// The law of `length` tokens after a prompt.
  ///
  /// - Parameters:
  ///   - endTokens: a sequence stops after the first of them.
  ///   - limit: the most sequences to list.
  ///   - isInterrupted: asked several times a second.
  /// - Throws: what the model says of the prompt, ``SpeculativeDecodingError/nothingToDecode`` for length 0, and
  ///   ``SpeculativeDecodingError/model(_:)`` beyond the limit; ``SpeculativeDecodingError/interrupted`` where it was.
  /// - Complexity: O(sequences · length · vocabulary); at most vocabulary^length sequences. The limit is checked first,
  ///   in O(length · states · vocabulary).
  public init(
    of model: MarkovModel<Scalar>, after prompt: [Token], length: Int, endTokens: Set<Token>, limit: Int = .max,
    isInterrupted: () -> Bool = { false }
  ) throws(SpeculativeDecodingError) {
    guard length > 0 else { throw .nothingToDecode }
    var context = model.makeContext()
    try model.begin(prompt, in: &context)
    let count = Self.count(of: model, from: Int(context.root), length: length, endTokens: endTokens, limit: limit)
    guard count <= limit else {
      throw .model(
        "the law of \(length) tokens has more than \(limit) sequences; test fewer tokens, or set a top-k")
    }
    var sequences: [[Token]] = []
    var probabilities: [Scalar] = []
    let size = model.vocabularySize
    // An explicit stack, last token first, so that sequences come out in token order.
    var pending: [(tokens: [Token], state: Int, probability: Scalar)] = [([], Int(context.root), .one)]
    while let (tokens, state, probability) = pending.popLast() {
      if tokens.count == length || (tokens.last.map(endTokens.contains) ?? false) {
        sequences.append(tokens)
        probabilities.append(probability)
        if sequences.count & 0xFFF == 0, isInterrupted() { throw .interrupted }
        continue
      }
      for token in (0..<size).reversed() where model.laws[state * size + token] > .zero {
        let next = Int(model.transitions[state * size + token])
        pending.append((tokens + [token], next, probability * model.laws[state * size + token]))
      }
    }
    self.sequences = sequences
    self.probabilities = probabilities
  }

  /// The number of sequences of positive probability, by recursion over their length; beyond the limit, some number
  /// above it.
  ///
  /// Listing them up to the limit would cost gigabytes before the limit is met.
  private static func count(
    of model: MarkovModel<Scalar>, from root: Int, length: Int, endTokens: Set<Token>, limit: Int
  ) -> Int {
    let size = model.vocabularySize
    var counts = [root: 1]
    var total = 0
    for _ in 0..<length {
      var next: [Int: Int] = [:]
      for (state, count) in counts {
        for token in 0..<size where model.laws[state * size + token] > .zero {
          if endTokens.contains(token) {
            total = total.saturatingSum(count)
          } else {
            let state = Int(model.transitions[state * size + token])
            next[state] = (next[state] ?? 0).saturatingSum(count)
          }
        }
      }
      counts = next
      // Every sequence goes on in one way at least: the number never falls.
      if counts.values.reduce(total, { $0.saturatingSum($1) }) > limit { break }
    }
    return counts.values.reduce(total) { $0.saturatingSum($1) }
  }

  /// The most sequences of a law that is held against another: beyond, memory ends before patience does.
  public static var mostCompared: Int { 1 << 21 }

  /// The law as a dictionary.
  public var table: [[Token]: Scalar] {
    Dictionary(uniqueKeysWithValues: zip(sequences, probabilities))
  }
}

extension Int {
  fileprivate func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
