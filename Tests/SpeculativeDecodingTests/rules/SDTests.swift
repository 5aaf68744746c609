import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// A source whose residual draw reuses the uniform of the last acceptance test: a defect of real engines.
struct ReusedUniform<Base: Choices>: Choices {
  var base: Base
  private var last: Base.Uniform?

  init(_ base: Base) { self.base = base }

  mutating func uniform(for purpose: UniformPurpose) -> Base.Uniform {
    if purpose == .residual, let last { return last }
    return base.uniform(for: purpose)
  }

  mutating func isBelow(
    _ uniform: inout Base.Uniform, _ numerator: Base.Scalar, over denominator: Base.Scalar
  ) -> Bool {
    let answer = base.isBelow(&uniform, numerator, over: denominator)
    last = uniform
    return answer
  }

  mutating func index(_ uniform: inout Base.Uniform, in weights: Span<Base.Scalar>, total: Base.Scalar) -> Int {
    base.index(&uniform, in: weights, total: total)
  }
}

/// Speculative decoding, `docs/rules/sd.md`: a chain, verified token by token.
@Suite struct SDTests {
  /// Σ min(p, q) = 0.1 + 0.25 + 0.1; the tokens a round that the guide prints.
  @Test func aRoundYieldsTheGuidesTokens() throws {
    let one = try ExactPairs.guideRound(.speculative(depth: 1))
    #expect(one.acceptedLength == [Rational(11, 20), Rational(9, 20)])
    #expect(one.blockEfficiency == Rational(29, 20))
    #expect(try ExactPairs.guideRound(.speculative(depth: 2)).blockEfficiency == Rational(669, 400))
  }

  @Test func reusedUniformsGetTheLawThatTheyDeserve() throws {
    let decoder = try ExactPairs.decoder(
      ExactPairs.categorical(1, 4, 5), ExactPairs.categorical(8, 1, 1), .speculative(depth: 1))
    var choices = ReusedUniform(EnumeratedChoices<Rational>())
    var session = decoder.makeSession()
    var law: [Token: Rational] = [:]
    repeat {
      try decoder.begin([], in: &session)
      try decoder.round(&session, using: &choices)
      law[session.workspace.emitted[0], default: .zero] += choices.base.weight
    } while choices.base.advance()
    // Accepted draws of 1 and 2, then what is left of [1/8, 1) under the residual (0, 3/7, 4/7).
    #expect(law[0] == Rational(1, 10))
    #expect(law[1] == Rational(1, 10) + Rational(8, 10) * (Rational(3, 7) - Rational(1, 8)))
    #expect(law[2] == Rational(1, 10) + Rational(8, 10) * Rational(4, 7))
    #expect(law[1].map { abs($0.approximation - 0.343) < 5e-4 } == true)
    #expect(law[2].map { abs($0.approximation - 0.557) < 5e-4 } == true)
  }
}
