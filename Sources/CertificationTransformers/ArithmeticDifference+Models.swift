import Certification
import Generation
import Probability
import RealModule
import SpeculativeDecoding
import Transformer

extension ArithmeticDifference {
  /// Tokens that each text is continued by before it is compared, so that laws are met which a decoding meets.
  package static let continuation = 32

  /// Compares two models over the positions of prompts and of what the fast one writes behind them.
  ///
  /// - Parameter seed: decides the continuations, none of which is a text that is certified.
  /// - Throws: what a model says of a prompt.
  /// - Complexity: two passes over each text, and a token's pass for each token of the continuations.
  package init(
    of fast: TransformerModel, from deterministic: TransformerModel, over prompts: [[Token]], seed: UInt64
  ) throws(SpeculativeDecodingError) {
    self.init()
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
}
