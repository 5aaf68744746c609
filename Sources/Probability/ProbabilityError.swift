/// A fault of a law, or of a draw from it.
public enum ProbabilityError: Error, Hashable, Sendable {
  /// A law over no outcomes.
  case emptyLaw
  /// The probability of `outcome` is NaN or infinite.
  case notFinite(outcome: Int)
  /// The probability of `outcome` is below zero.
  case negative(outcome: Int, value: String)
  /// The probabilities sum to `sum`, not to one within the tolerance.
  case wrongSum(String, tolerance: Double)
  /// Every weight is zero, so there is nothing to draw from or to renormalise.
  case noMass
  /// A text that is no number, "p/q" fraction or decimal.
  case notANumber(String)
  /// A power that has no exact value in this scalar.
  case inexactPower(temperature: Double)
}

extension ProbabilityError: CustomStringConvertible {
  /// One line: what is wrong and how to mend it.
  public var description: String {
    switch self {
    case .emptyLaw: "a law needs at least one outcome"
    case .notFinite(let outcome): "the probability of token \(outcome) is not a finite number"
    case .negative(let outcome, let value):
      "the probability of token \(outcome) is \(value); probabilities are at least 0"
    case .wrongSum(let sum, let tolerance):
      "the probabilities sum to \(sum); they must sum to 1 " + (tolerance == 0 ? "exactly" : "within \(tolerance)")
    case .noMass: "every probability is 0; at least one must be positive"
    case .notANumber(let text): "\"\(text)\" is neither a number nor a fraction \"p/q\""
    case .inexactPower(let temperature):
      "temperature \(temperature) has no exact law in rationals; use 0 or 1/n with a whole n"
    }
  }
}
