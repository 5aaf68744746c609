import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// RSD-S, `docs/rules/rsd-s.md`: the stochastic beam.
///
/// `StochasticBeamTests` hold its race against the definition.
@Suite struct RSDSTests {
  /// The tokens a round, and the probability of the tree, that the guide prints.
  @Test func aRoundYieldsTheGuidesTokens() throws {
    let round = try ExactPairs.guideRound(.rsdS(width: 2, depth: 2))
    #expect(round.blockEfficiency == Rational(16_144_485_409, 8_241_254_560))
    #expect(round.branches == 450)
    let pair = ExactPairs.antiCorrelated
    let trees = try ExactPairs.decoder(pair.target, pair.draft, .rsdS(width: 2, depth: 2)).draftTreeLaw(after: [0])
    #expect(trees.count == 90)
    #expect(trees[DraftedTree(tokens: [2, 0, 2, 2], parents: [0, 0, 1, 2])] == Rational(1183, 21800))
  }

  @Test func widthOneIsAChain() throws {
    let models = ExactPairs.skewed
    let beam = try ExactDecoder(target: models.target, draft: models.draft, method: .rsdS(width: 1, depth: 2))
    let chain = try ExactDecoder(target: models.target, draft: models.draft, method: .speculative(depth: 2))
    #expect(try beam.draftTreeLaw(after: [0]) == chain.draftTreeLaw(after: [0]))
    #expect(try beam.roundLaw(after: [0]).emitted == chain.roundLaw(after: [0]).emitted)
  }

  @Test func depthOneIsConstantBranching() throws {
    let models = ExactPairs.skewed
    let beam = try ExactDecoder(target: models.target, draft: models.draft, method: .rsdS(width: 2, depth: 1))
    let branching = try ExactDecoder(
      target: models.target, draft: models.draft, method: .rsdC(branching: [2]))
    #expect(try beam.draftTreeLaw(after: [1]) == branching.draftTreeLaw(after: [1]))
    #expect(try beam.roundLaw(after: [1]).acceptedLength == branching.roundLaw(after: [1]).acceptedLength)
  }
}
