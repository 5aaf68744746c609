import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// SpecTr, `docs/rules/spectr.md`: independent sequences, verified by K-SEQ.
@Suite struct SpecTrTests {
  /// The tokens a round of the guides' table.
  @Test func aRoundYieldsTheGuidesTokens() throws {
    #expect(try ExactPairs.guideRound(.specTr(width: 2, depth: 1)).blockEfficiency == Rational(160_279, 102_400))
    let round = try ExactPairs.guideRound(.specTr(width: 2, depth: 2))
    #expect(round.blockEfficiency == Rational(320_152_205_251_801, 171_798_691_840_000))
    #expect(round.branches == 678)
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
