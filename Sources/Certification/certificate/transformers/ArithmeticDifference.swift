/// How far a model's fast arithmetic is from its deterministic one, over the positions of texts.
///
/// A certificate of fast arithmetic holds the decoder against the law that the fast model has; this says how far that law
/// is from the one that is the same on every machine. Laws are those of the model, at temperature 1, nothing left out.
package struct ArithmeticDifference: Hashable, Sendable, Codable {
  /// Positions that were compared.
  package var positions: Int
  /// The largest difference of a logit.
  package var largestLogit: Double
  /// The mean of KL(deterministic ‖ fast), in nats.
  package var meanDivergence: Double
  /// The largest total variation between two laws.
  package var largestTotalVariation: Double

  /// A comparison of no position yet.
  package init() { (positions, largestLogit, meanDivergence, largestTotalVariation) = (0, 0, 0, 0) }

  /// Whether the numbers can be such a comparison's.
  var isPossible: Bool {
    positions > 0 && largestLogit >= 0 && largestLogit.isFinite && meanDivergence >= 0 && meanDivergence.isFinite
      && (0...1).contains(largestTotalVariation)
  }
}
