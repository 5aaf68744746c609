import SpeculativeDecoding

/// A sampling profile as the port protocol writes it.
public struct ProfileRecord: Hashable, Sendable, Codable {
  /// 1 for none, 0 for greedy.
  public var temperature: Double
  /// 0 for none.
  public var topK: Int
  /// 1 for none.
  public var topP: Double
  /// 0 for none.
  public var minP: Double

  /// The record of a profile.
  public init(_ profile: SamplingProfile) {
    temperature = profile.temperature
    topK = profile.topK
    topP = profile.topP
    minP = profile.minP
  }

  /// The profile.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidProfile(_:)`` outside its ranges.
  public func profile() throws(SpeculativeDecodingError) -> SamplingProfile {
    try SamplingProfile(temperature: temperature, topK: topK, topP: topP, minP: minP)
  }
}
