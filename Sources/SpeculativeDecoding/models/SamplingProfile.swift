import Probability

/// How a model's law is shaped before a token is drawn from it: temperature, top-k, top-p, min-p.
///
/// Applied in that order, renormalising after each. The order is the port protocol's; engines differ in it.
/// One profile shapes the draft's laws and the target's, and with them the residual and the bonus.
/// A profile is checked once, when it is made, and cannot be changed.
public struct SamplingProfile: Hashable, Sendable {
  /// p becomes Norm[p^(1/T)]; 0 puts all mass on the most probable token, the lowest id on a tie.
  public let temperature: Double
  /// Keeps the k most probable tokens, ties to lower ids; 0 keeps all.
  public let topK: Int
  /// Keeps the shortest run in descending order, ties to lower ids, whose sum reaches this; 1 keeps all.
  public let topP: Double
  /// Keeps tokens of at least this fraction of the largest probability; 0 keeps all.
  public let minP: Double

  /// The law as the model gives it.
  public static let plain = SamplingProfile(unchecked: 1, 0, 1, 0)

  /// A profile within its ranges.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidProfile(_:)`` for a temperature or topK below 0, a topP outside
  ///   (0, 1], a minP outside [0, 1], or anything not finite.
  public init(
    temperature: Double = 1, topK: Int = 0, topP: Double = 1, minP: Double = 0
  ) throws(SpeculativeDecodingError) {
    guard temperature.isFinite, temperature >= 0 else {
      throw .invalidProfile("temperature \(temperature) must be a number of at least 0 (0 is greedy)")
    }
    guard topK >= 0 else { throw .invalidProfile("top-k \(topK) must be at least 0 (0 keeps all tokens)") }
    guard topP > 0, topP <= 1 else {
      throw .invalidProfile("top-p \(topP) must be above 0 and at most 1 (1 keeps all tokens)")
    }
    guard minP >= 0, minP <= 1 else {
      throw .invalidProfile("min-p \(minP) must be between 0 and 1 (0 keeps all tokens)")
    }
    self.init(unchecked: temperature, topK, topP, minP)
  }

  init(unchecked temperature: Double, _ topK: Int, _ topP: Double, _ minP: Double) {
    (self.temperature, self.topK, self.topP, self.minP) = (temperature, topK, topP, minP)
  }

  /// Whether laws pass unchanged.
  @inlinable public var isPlain: Bool { temperature == 1 && topK == 0 && topP == 1 && minP == 0 }
}

extension SamplingProfile {
  /// The law of this profile over a model's law.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidLaw(place:reason:)`` where the law has a NaN, a negative value or
  ///   no mass, or the power has no exact value in the scalar.
  /// - Complexity: O(n) for temperature and min-p; O(n log n) for top-k and top-p.
  public func applied<Scalar: ProbabilityScalar>(
    to law: [Scalar]
  ) throws(SpeculativeDecodingError) -> [Scalar] {
    do {
      var law = try FiniteLaw(weights: law).probabilities
      try temper(&law)
      if topK > 0, topK < law.count { try keep(descendingPrefix(of: law, count: topK), in: &law) }
      if topP < 1 { try keep(descendingPrefix(of: law, mass: topP), in: &law) }
      if minP > 0, let largest = law.max() {
        let kept = law.indices.filter { law[$0].approximation >= minP * largest.approximation }
        try keep(kept[...], in: &law)
      }
      return law
    } catch {
      throw .invalidLaw(place: "the law under the sampling profile", reason: error)
    }
  }

  private func temper<Scalar: ProbabilityScalar>(_ law: inout [Scalar]) throws(ProbabilityError) {
    if temperature == 1 { return }
    if temperature == 0 {
      try keep(descendingPrefix(of: law, count: 1), in: &law)
      return
    }
    // Divided by the largest first: powers of small probabilities would underflow all together.
    guard let largest = law.max(), largest > .zero else { throw .noMass }
    for token in law.indices {
      law[token] = try (law[token] / largest).raised(toReciprocalOf: temperature)
    }
    law = try FiniteLaw(weights: law).probabilities
  }

  private func keep<Scalar: ProbabilityScalar>(
    _ tokens: ArraySlice<Token>, in law: inout [Scalar]
  ) throws(ProbabilityError) {
    var kept = [Scalar](repeating: .zero, count: law.count)
    for token in tokens { kept[token] = law[token] }
    law = try FiniteLaw(weights: kept).probabilities
  }

  private func descending<Scalar: ProbabilityScalar>(_ law: [Scalar]) -> [Token] {
    law.indices.sorted { law[$0] > law[$1] || (law[$0] == law[$1] && $0 < $1) }
  }

  private func descendingPrefix<Scalar: ProbabilityScalar>(of law: [Scalar], count: Int) -> ArraySlice<Token> {
    descending(law).prefix(count)
  }

  private func descendingPrefix<Scalar: ProbabilityScalar>(of law: [Scalar], mass: Double) -> ArraySlice<
    Token
  > {
    let order = descending(law)
    var sum = Scalar.zero
    for (rank, token) in order.enumerated() {
      sum += law[token]
      if sum.approximation >= mass { return order.prefix(rank + 1) }
    }
    return order[...]
  }
}
