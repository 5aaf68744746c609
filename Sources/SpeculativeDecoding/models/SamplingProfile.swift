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

  /// The same profile of laws that are tempered already.
  var withoutTemperature: SamplingProfile { SamplingProfile(unchecked: 1, topK, topP, minP) }

  /// Whether laws pass unchanged.
  @inlinable public var isPlain: Bool { temperature == 1 && topK == 0 && topP == 1 && minP == 0 }
}
