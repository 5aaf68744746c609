import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// RSD-C, `docs/rules/rsd-c.md`: distinct children at each node.
@Suite struct RSDCTests {
  /// The tokens a round that the guide prints.
  @Test func aRoundYieldsTheGuidesTokens() throws {
    #expect(try ExactPairs.guideRound(.rsdC(branching: [2])).blockEfficiency == Rational(58, 35))
    let round = try ExactPairs.guideRound(.rsdC(branching: [2, 2]))
    #expect(round.blockEfficiency == Rational(83099, 39200))
    #expect(round.branches == 1182)
  }

  @Test func distinctSiblingsAlwaysCoverABinaryTarget() throws {
    let (target, draft) = (ExactPairs.categorical(9, 1), ExactPairs.categorical(1, 9))
    let without = try ExactPairs.decoder(target, draft, .rsdC(branching: [2])).roundLaw(after: [])
    let with = try ExactPairs.decoder(target, draft, .specInfer(branching: [2])).roundLaw(after: [])
    #expect(without.acceptedLength == [0, 1])
    #expect(with.acceptedLength[1] == Rational(28, 100))
  }

  @Test func theWholeSupportIsAlwaysAccepted() throws {
    let round = try ExactPairs.decoder(
      ExactPairs.categorical(1, 2, 0, 5), ExactPairs.categorical(3, 1, 1, 1), .rsdC(branching: [4])
    )
    .roundLaw(after: [])
    #expect(round.acceptedLength == [0, 1])
  }

  @Test func spentSupportGoesToTheResidual() throws {
    // Two tokens in the draft's support, four asked for; the target's third token comes from the residual.
    let round = try ExactPairs.decoder(
      ExactPairs.categorical(1, 1, 2), ExactPairs.categorical(1, 1, 0), .rsdC(branching: [4])
    )
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
    let without = try ExactPairs.decoder(target, draft, .rsdC(branching: [count])).roundLaw(after: [])
    let with = try ExactPairs.decoder(target, draft, .specInfer(branching: [count])).roundLaw(after: [])
    #expect(without.acceptedLength[1] >= with.acceptedLength[1])
  }
}
