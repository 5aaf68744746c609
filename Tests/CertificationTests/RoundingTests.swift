import Certification
import Probability
import SpeculativeDecoding
import TestSupport
import Testing
import ToyModels

@Suite(.optimised) struct RoundingTests {
  @Test func totalVariationsKeepToTheirBound() throws {
    let certificates = try RoundingSuite.certificates()
    #expect(certificates.count == 72)
    for certificate in certificates {
      #expect(certificate.isWithinBound, "\(certificate)")
      #expect(certificate.totalVariation > 0)
      let place = "\(certificate.rule) \(certificate.scalar) \(certificate.uniformBits)"
      // Doubles under 53 bits are as good as doubles; floats lose about nine digits.
      if certificate.scalar == "Double", certificate.uniformBits != 24 {
        #expect(certificate.totalVariation < 1e-15, "\(place)")
      } else {
        #expect(certificate.totalVariation > 1e-9 && certificate.totalVariation < 1e-6, "\(place)")
      }
    }
  }

  /// The whole law over few bits, counted by running the production source over every uniform.
  @Test func bisectionIsTheCount() throws {
    let bits = 6
    let target = try MarkovModel<Double>.categorical([0.15, 0.35, 0.5])
    let draft = try MarkovModel<Double>.categorical([0.5, 0.3, 0.2])
    let decoder = try Decoder(target: target, draft: draft, method: .speculative(depth: 1))
    var session = decoder.makeSession()
    var counted: [[Token]: Rational] = [:]
    let count = 1 << bits
    for first in 0..<count {
      for second in 0..<count {
        for third in 0..<count {
          var choices = ScriptedChoices<Double>([first, second, third].map { Double($0) / Double(count) })
          try decoder.begin([], in: &session)
          try decoder.round(&session, using: &choices)
          counted[Array(session.workspace.emitted), default: .zero] += Rational(1, count * count * count)
        }
      }
    }
    var enumerated: [[Token]: Rational] = [:]
    var choices = QuantisedChoices<Double>(bits: bits)
    repeat {
      try decoder.begin([], in: &session)
      try decoder.round(&session, using: &choices)
      enumerated[Array(session.workspace.emitted), default: .zero] += choices.weight
    } while choices.advance()
    #expect(enumerated == counted)
  }

  @Test func rareTokensNeedMoreThan24Bits() {
    func probability<Scalar: ProbabilityScalar>(of token: Int, in law: [Scalar], bits: Int) -> Rational {
      var choices = QuantisedChoices<Scalar>(bits: bits)
      var sum = Rational.zero
      repeat {
        let index = choices.index(for: .draft, in: law.span, total: .one)
        if index == token { sum += choices.weight }
      } while choices.advance()
      return sum
    }
    // A token of probability 10⁻⁸ after one of 0.2: between two neighbouring multiples of 2⁻²⁴.
    let law = [0.2, 1e-8, 0.79999999]
    #expect(probability(of: 1, in: law, bits: 24) == .zero)
    #expect(abs(probability(of: 1, in: law, bits: 53).approximation / 1e-8 - 1) < 1e-7)
    let single = law.map { Float($0) }
    #expect(probability(of: 1, in: single, bits: 24) == .zero)
    // Laws in single precision keep it too: uniforms are doubles whatever the laws are stored in.
    #expect(abs(probability(of: 1, in: single, bits: 53).approximation / 1e-8 - 1) < 1e-6)
    // At the start of the row it comes up six times too often instead.
    #expect(probability(of: 0, in: [1e-8, 0.5, 0.49999999], bits: 24) == Rational(1, 1 << 24))
  }

  @Test func boundsGrowWithEverythingThatRounds() {
    func bound(_ method: DecodingMethod, _ vocabulary: Int, _ unit: Double, _ bits: Int? = nil) -> Double {
      RoundingBound.totalVariation(of: method, vocabulary: vocabulary, unitRoundoff: unit, uniformBits: bits)
    }
    let double = Double.unitRoundoff
    #expect(bound(.rsdC(branching: [2, 2]), 3, double) < 1e-13)
    #expect(bound(.rsdC(branching: [3, 2]), 3, double) > bound(.rsdC(branching: [2, 2]), 3, double))
    #expect(bound(.rsdS(width: 2, depth: 2), 300, double) > bound(.rsdS(width: 2, depth: 2), 3, double))
    #expect(bound(.speculative(depth: 2), 3, Float.unitRoundoff) > bound(.speculative(depth: 2), 3, double))
    #expect(bound(.speculative(depth: 2), 3, double, 24) > bound(.speculative(depth: 2), 3, double, 53))
    #expect(bound(.autoregressive, 3, 0) == 0)
    #expect(bound(.rsdS(width: 4, depth: 2), 32_000, Float.unitRoundoff) == .infinity)
  }
}
