import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// SpecInfer, `docs/rules/specinfer.md`: independent children, which may repeat.
@Suite struct SpecInferTests {
  /// The tokens a round that the guide prints.
  @Test func aRoundYieldsTheGuidesTokens() throws {
    #expect(try ExactPairs.guideRound(.specInfer(branching: [2])).blockEfficiency == Rational(311, 200))
    let round = try ExactPairs.guideRound(.specInfer(branching: [2, 2]))
    #expect(round.blockEfficiency == Rational(75101, 40000))
    #expect(round.branches == 2631)
  }

  @Test func oneChildIsSpeculativeDecoding() throws {
    let chain = try ExactPairs.guideRound(.speculative(depth: 2))
    let children = try ExactPairs.guideRound(.specInfer(branching: [1, 1]))
    #expect(children.acceptedLength == chain.acceptedLength)
    #expect(children.emitted == chain.emitted)
  }

  /// A repeat of a rejected child is rejected too: where both draws are one token, a second draw adds nothing.
  @Test func aRepeatIsRejected() throws {
    let (target, draft) = (ExactPairs.categorical(1, 3), ExactPairs.categorical(1, 0))
    for count in 1...3 {
      let round = try ExactPairs.decoder(target, draft, .specInfer(branching: [count])).roundLaw(after: [])
      #expect(round.acceptedLength == [Rational(3, 4), Rational(1, 4)])
    }
  }
}
