import SpeculativeDecoding
import ToyModels

/// The rounds whose rounding a certificate states: each rule, in both floating-point scalars, by three kinds of uniform.
public enum RoundingSuite {
  /// The shapes: the largest of each rule that enumerates in a moment.
  public static let methods: [DecodingMethod] = [
    .autoregressive, .speculative(depth: 2), .specInfer(branching: [2, 1]), .specTr(width: 2, depth: 1),
    .rsdC(branching: [2, 1]), .rsdS(width: 2, depth: 2),
  ]

  /// All certificates, in order.
  ///
  /// - Throws: ``CertificationError`` where a pair of the corpus were invalid, or ``SpeculativeDecodingError/interrupted``
  ///   in it.
  public static func certificates(
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) -> [RoundingCertificate] {
    let pairs: [ModelPair]
    do { pairs = [try ModelPair.thirds(), try ModelPair.rare()] } catch {
      throw .model(place: "the rounding suite", error)
    }
    var all: [RoundingCertificate] = []
    for pair in pairs {
      for method in methods {
        for uniforms in [RoundingCertificate.Uniforms.ideal, .bits(53), .bits(24)] {
          all.append(try RoundingCertificate(of: method, on: pair, in: Double.self, uniforms: uniforms, limits: limits))
          all.append(try RoundingCertificate(of: method, on: pair, in: Float.self, uniforms: uniforms, limits: limits))
        }
      }
    }
    return all
  }
}

extension ModelPair {
  /// Probabilities that no binary fraction hits.
  static func thirds() throws(ToyModelError) -> ModelPair {
    try pair("thirds", target: [[6, 3, 1], [1, 1, 1], [2, 5, 4]], draft: [[1, 2, 4], [3, 3, 5], [1, 1, 1]])
  }

  /// A token of probability 10⁻⁸, below the resolution of 24-bit uniforms.
  static func rare() throws(ToyModelError) -> ModelPair {
    let common = 50_000_000
    return try pair(
      "rare", target: [[1, common, common - 1], [1, common - 1, common], [1, common, common - 1]],
      draft: [[1, common - 1, common], [1, common, common - 1], [1, common - 1, common]])
  }
}
