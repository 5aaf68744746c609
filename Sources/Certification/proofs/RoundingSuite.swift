import Probability
import SpeculativeDecoding
import ToyModels

/// The rounds whose rounding a certificate states: each rule, in both floating-point scalars, by three kinds of uniform.
package enum RoundingSuite {
  /// The shapes of each kind: the largest that enumerate in a moment.
  static func shapes(_ rule: Rule) -> [Shape] {
    // The weights of K-SEQ's enumeration have long denominators.
    let depth = rule.verification == .sequentialSelection ? 1 : 2
    return [.none, .chain(2), .branching([2, 1]), .rectangle(width: 2, depth: depth)]
  }

  /// The methods: each rule in the shape of its kind.
  package static let methods = Rule.all.flatMap { $0.methods(shapes($0)) }

  /// One round of the suite, before it is enumerated.
  struct Round: Sendable {
    var method: DecodingMethod
    var pair: ModelPair
    var uniforms: RoundingCertificate.Uniforms
    var isDouble: Bool
  }

  /// All rounds, in order.
  ///
  /// - Throws: ``CertificationError``, if a pair of the suite were invalid.
  static func rounds() throws(CertificationError) -> [Round] {
    let pairs: [ModelPair]
    do { pairs = [try ModelPair.thirds(), try ModelPair.rare()] } catch {
      throw .model(place: "the rounding suite", error)
    }
    var all: [Round] = []
    for pair in pairs {
      for method in methods {
        for uniforms in [RoundingCertificate.Uniforms.ideal, .bits(53), .bits(24)] {
          all += [true, false].map { Round(method: method, pair: pair, uniforms: uniforms, isDouble: $0) }
        }
      }
    }
    return all
  }

  /// All certificates, in order.
  ///
  /// - Throws: ``CertificationError`` where a pair of the corpus were invalid, or ``SpeculativeDecodingError/interrupted``
  ///   in it.
  package static func certificates(
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) -> [RoundingCertificate] {
    var all: [RoundingCertificate] = []
    for round in try rounds() { all.append(try round.certificate(limits: limits)) }
    return all
  }
}

extension RoundingSuite.Round {
  /// Enumerates the round.
  func certificate(limits: EnumerationLimits) throws(CertificationError) -> RoundingCertificate {
    isDouble
      ? try RoundingCertificate(of: method, on: pair, in: Double.self, uniforms: uniforms, limits: limits)
      : try RoundingCertificate(of: method, on: pair, in: Float.self, uniforms: uniforms, limits: limits)
  }

  /// The bits of a uniform; 0 for ideal ones.
  var uniformBits: Int { if case .bits(let bits) = uniforms { bits } else { 0 } }

  /// The bound that a certificate states.
  var bound: Double {
    RoundingBound.totalVariation(
      of: method, vocabulary: pair.target.vocabulary,
      unitRoundoff: isDouble ? Double.unitRoundoff : Float.unitRoundoff,
      uniformBits: uniformBits == 0 ? nil : uniformBits)
  }
}

extension RoundingCertificate {
  /// The certificate of a round of the suite, by figures that are stated.
  init(_ round: RoundingSuite.Round, branches: Int, totalVariation: Double) {
    self.init(
      rule: round.method.rule.name, shape: round.method.shape.text, pair: round.pair.name,
      scalar: round.isDouble ? "Double" : "Float", uniformBits: round.uniformBits, branches: branches,
      totalVariation: totalVariation, bound: round.bound)
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
