import Probability
@testable import SpeculativeDecoding
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

@Suite struct RecursiveRejectionTests {
  static func categorical(_ weights: Int...) -> MarkovModel<Rational> {
    let sum = weights.reduce(0, +)
    return try! .categorical(weights.map { Rational($0, sum) })
  }

  static func decoder(
    _ target: MarkovModel<Rational>, _ draft: MarkovModel<Rational>, _ method: DecodingMethod
  ) throws -> ExactDecoder {
    try ExactDecoder(target: target, draft: draft, method: method)
  }

  @Test func reusedUniformsGetTheLawThatTheyDeserve() throws {
    let decoder = try Self.decoder(
      Self.categorical(1, 4, 5), Self.categorical(8, 1, 1), .speculative(depth: 1))
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

  @Test func distinctSiblingsAlwaysCoverABinaryTarget() throws {
    let (target, draft) = (Self.categorical(9, 1), Self.categorical(1, 9))
    let without = try Self.decoder(target, draft, .rsdC(branching: [2])).roundLaw(after: [])
    let with = try Self.decoder(target, draft, .specInfer(branching: [2])).roundLaw(after: [])
    #expect(without.acceptedLength == [0, 1])
    #expect(with.acceptedLength[1] == Rational(28, 100))
  }

  @Test func theWholeSupportIsAlwaysAccepted() throws {
    let round = try Self.decoder(
      Self.categorical(1, 2, 0, 5), Self.categorical(3, 1, 1, 1), .rsdC(branching: [4])
    )
    .roundLaw(after: [])
    #expect(round.acceptedLength == [0, 1])
  }

  @Test func spentSupportGoesToTheResidual() throws {
    // Two tokens in the draft's support, four asked for; the target's third token comes from the residual.
    let round = try Self.decoder(Self.categorical(1, 1, 2), Self.categorical(1, 1, 0), .rsdC(branching: [4]))
      .roundLaw(after: [])
    #expect(round.acceptedLength == [Rational(1, 2), Rational(1, 2)])
    #expect(round.emitted[[2]] == Rational(1, 2))
  }

  @Test(arguments: 0..<60)
  func acceptanceWithoutReplacementIsAtLeastThatWith(seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    func law() -> MarkovModel<Rational> {
      let weights = (0..<3).map { _ in Int(generator.next() % 6) }
      let sum = weights.reduce(1, +)
      return try! .categorical(weights.map { Rational($0, sum) } + [Rational(1, sum)])
    }
    let (target, draft) = (law(), law())
    let count = 2 + seed % 2
    let without = try Self.decoder(target, draft, .rsdC(branching: [count])).roundLaw(after: [])
    let with = try Self.decoder(target, draft, .specInfer(branching: [count])).roundLaw(after: [])
    #expect(without.acceptedLength[1] >= with.acceptedLength[1])
  }

  @Test(arguments: Methods.small)
  func equalLawsAcceptEverything(method: DecodingMethod) throws {
    let model = ExactPairs.skewed.target
    let round = try Self.decoder(model, model, method).roundLaw(after: [0])
    #expect(round.acceptedLength.last == .one)
    #expect(round.blockEfficiency == Rational(method.draftLength + 1))
  }

  @Test(arguments: Methods.small.filter { $0 != .autoregressive })
  func disjointSupportsAcceptNothing(method: DecodingMethod) throws {
    let round = try Self.decoder(Self.categorical(0, 0, 1, 1), Self.categorical(2, 1, 0, 0), method).roundLaw(
      after: [])
    #expect(round.acceptedLength.first == .one)
    #expect(round.emitted == [[2]: Rational(1, 2), [3]: Rational(1, 2)])
  }
}

@Suite struct KSequentialSelectionTests {
  /// Over a large vocabulary the scale is bracketed first, and is the one that plain halving finds.
  @Test(arguments: 2..<7)
  func theBracketDoesNotMoveTheScale(count: Int) throws {
    var generator = SplitMix64(seed: UInt64(count))
    for round in 0..<20 {
      var workspace = Workspace<Float>(vocabularySize: 2000)
      func law() throws -> [Float] {
        try FiniteLaw(
          weights: (0..<2000).map { _ in
            Float(
              sign: .plus, exponent: Int(generator.next() % UInt64(1 + round)),
              significand: 1 + UniformBits.unit24(generator.next()))
          }
        ).probabilities
      }
      (workspace.residual, workspace.proposal) = (try law(), try law())
      var (safe, unsafe) = (1 / Float(count), Float(1))
      for _ in 0..<Float.bisectionSteps {
        let middle = (safe + unsafe) / 2
        let excess = KSequentialSelection.excess(
          of: middle, count: count, target: workspace.residual.span, draft: workspace.proposal.span)
        if excess <= 0 { safe = middle } else { unsafe = middle }
      }
      #expect(abs(KSequentialSelection.scale(count: count, in: workspace) - safe) <= 3 * Float.ulpOfOne)
    }
  }

  @Test(arguments: 0..<40)
  func roundedScaleStaysLossless(seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed) &+ 1000)
    let laws = (0..<2).map { _ in (0..<3).map { _ in Int(1 + generator.next() % 9) } }
    let models = laws.map { law in
      try! MarkovModel<Rational>.categorical(law.map { Rational($0, law.reduce(0, +)) })
    }
    for width in 1...4 {
      let decoder = try ExactDecoder(
        target: models[0], draft: models[1], method: .specTr(width: width, depth: 1))
      let law = try decoder.emittedLaw(length: 1, after: [])
      #expect(law.sequences == (try SequenceLaw(of: models[0], after: [], length: 1)).table)
    }
  }

  @Test func oneSequenceIsSpeculativeDecoding() throws {
    let models = ExactPairs.skewed
    let one = try ExactDecoder(
      target: models.target, draft: models.draft, method: .specTr(width: 1, depth: 2))
    let chain = try ExactDecoder(target: models.target, draft: models.draft, method: .speculative(depth: 2))
    #expect(try one.roundLaw(after: [0]).acceptedLength == chain.roundLaw(after: [0]).acceptedLength)
  }

  @Test func moreSequencesAcceptMore() throws {
    let models = ExactPairs.skewed
    var before = Rational.zero
    for width in 1...4 {
      let decoder = try ExactDecoder(
        target: models.target, draft: models.draft, method: .specTr(width: width, depth: 1))
      let acceptance = try decoder.roundLaw(after: [0]).acceptedLength[1]
      #expect(acceptance > before)
      before = acceptance
    }
  }
}
