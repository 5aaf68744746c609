import KernelOperands
import Probability
import SpeculativeDecoding
import Testing

@testable import Transformer

/// A temperature near 0 is its limit, the most probable tokens in equal parts; a vast one leaves all tokens equal.
@Suite struct TemperatureLimitTests {
  static let near0 = [Double.leastNonzeroMagnitude, Double.leastNormalMagnitude / 1024, 1e-46, 1e-39, 1e-38, 1e-20]
  static let vast = [1e20, 1e38, 1e46, 1e300, 1.7e308]
  static let logits: [Float] = [1, -3, 2.5, 2.5, 0, -40, 88, 1e-30, -1e30, 88, 87.9, -0.0, 3, 4, 5, 6, 7, 8, 9]

  private static func law(_ logits: [Float], _ temperature: Double) -> [Float] {
    var rows = Rows(width: logits.count)
    rows.reserve(1)
    for (index, logit) in logits.enumerated() { rows.values[index] = logit }
    var laws = LawTable<Float>(vocabularySize: logits.count)
    Kernels.kernels(.deterministic).softmax(rows, nodes: [0], into: &laws, temperature: temperature)
    return laws.law(ofRow: 0)
  }

  @Test(arguments: near0)
  func nearZeroTheLargestLogitsShareAll(temperature: Double) {
    let law = Self.law(Self.logits, temperature)
    for (token, logit) in Self.logits.enumerated() { #expect(law[token] == (logit == 88 ? 0.5 : 0)) }
    #expect(Self.law([-1e38, 3e38, -3e38], temperature) == [0, 1, 0])
  }

  @Test(arguments: vast)
  func aVastTemperatureMakesTokensEqual(temperature: Double) {
    let logits = Self.logits.filter { abs($0) < 100 }
    for probability in Self.law(logits, temperature) {
      #expect(abs(probability - 1 / Float(logits.count)) < 1e-6)
    }
    // A difference beyond the floats is no NaN.
    let law = Self.law([-3e38, 3e38, 0], temperature)
    #expect(law.allSatisfy { $0.isFinite && $0 >= 0 } && abs(law.reduce(0, +) - 1) < 1e-6)
  }

  /// The laws of toy models, in both scalars, have the same limits.
  @Test(arguments: near0)
  func toyLawsHaveTheSameLimit(temperature: Double) throws {
    let profile = try SamplingProfile(temperature: temperature)
    #expect(try profile.applied(to: [0.2, 0.4, 0.0, 0.4] as [Double]) == [0, 0.5, 0, 0.5])
    #expect(try profile.applied(to: [0.2, 0.4, 0.0, 0.4] as [Float]) == [0, 0.5, 0, 0.5])
    #expect(throws: SpeculativeDecodingError.self) {
      try profile.applied(to: [Rational(1, 3), Rational(2, 3)])
    }
  }

  @Test(arguments: vast)
  func aVastTemperatureGivesNothingToWhatHasNothing(temperature: Double) throws {
    let profile = try SamplingProfile(temperature: temperature)
    let double = try profile.applied(to: [0.2, 0.4, 0.0, 0.4] as [Double])
    let float = try profile.applied(to: [0.2, 0.4, 0.0, 0.4] as [Float])
    #expect(double[2] == 0 && float[2] == 0)
    for token in [0, 1, 3] { #expect(abs(double[token] - 1 / 3) < 1e-9 && abs(float[token] - 1 / 3) < 1e-6) }
  }
}
