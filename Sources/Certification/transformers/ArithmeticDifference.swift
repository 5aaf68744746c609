import Generation
import Probability
import RealModule
import SpeculativeDecoding
import Transformer

/// How far a model's fast arithmetic is from its deterministic one, over the positions of texts.
///
/// A certificate of fast arithmetic holds the decoder against the law that the fast model has; this says how far that law
/// is from the one that is the same on every machine. Laws are those of the model, at temperature 1, nothing left out.
public struct ArithmeticDifference: Hashable, Sendable, Codable {
  /// Positions that were compared.
  public var positions: Int
  /// The largest difference of a logit.
  public var largestLogit: Double
  /// The mean of KL(deterministic ‖ fast), in nats.
  public var meanDivergence: Double
  /// The largest total variation between two laws.
  public var largestTotalVariation: Double

  /// Tokens that each text is continued by before it is compared, so that laws are met which a decoding meets.
  public static let continuation = 32

  /// Compares two models over the positions of prompts and of what the fast one writes behind them.
  ///
  /// - Parameter seed: decides the continuations, none of which is a text that is certified.
  /// - Throws: what a model says of a prompt.
  /// - Complexity: two passes over each text, and a token's pass for each token of the continuations.
  public init(
    of fast: TransformerModel, from deterministic: TransformerModel, over prompts: [[Token]], seed: UInt64
  ) throws(SpeculativeDecodingError) {
    (positions, largestLogit, meanDivergence, largestTotalVariation) = (0, 0, 0, 0)
    let pair = try TransformerPair(target: fast, draft: nil, endTokens: [])
    for (index, prompt) in prompts.enumerated() {
      let room = fast.contextLimit - prompt.count
      var text = prompt
      if room > 0 {
        var generation = try Generation(
          of: pair, by: .autoregressive, from: prompt, maximum: min(Self.continuation, room), seed: seed,
          text: (1 << 62) + UInt64(index))
        while generation.end == nil { text += try generation.next() }
      }
      let others = try deterministic.logits(after: text, all: true)
      try fast.forEachPosition(of: text) { position, logits in add(logits, others[position]) }
    }
    meanDivergence /= Double(max(positions, 1))
  }

  /// Adds a position; until the end ``meanDivergence`` is a sum.
  private mutating func add(_ fast: [Float], _ deterministic: [Float]) {
    let (fastNorm, norm) = (Softmax.logSumExp(fast), Softmax.logSumExp(deterministic))
    var (divergence, variation) = (0.0, 0.0)
    for (one, other) in zip(fast, deterministic) {
      largestLogit = max(largestLogit, Double(abs(one - other)))
      let (logFast, log) = (Double(one) - fastNorm, Double(other) - norm)
      let probability = Double.exp(log)
      divergence += probability * (log - logFast)
      variation += abs(probability - Double.exp(logFast))
    }
    positions += 1
    // Of nearly equal laws the sum can come out below 0 by rounding.
    meanDivergence += max(0, divergence)
    largestTotalVariation = max(largestTotalVariation, variation / 2)
  }

  /// Whether the numbers can be such a comparison's.
  var isPossible: Bool {
    positions > 0 && largestLogit >= 0 && largestLogit.isFinite && meanDivergence >= 0 && meanDivergence.isFinite
      && (0...1).contains(largestTotalVariation)
  }
}
