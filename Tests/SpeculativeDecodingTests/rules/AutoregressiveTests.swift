import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// Autoregressive decoding, `docs/rules/autoregressive.md`: one token a round, of the target's law.
@Suite struct AutoregressiveTests {
  @Test func aRoundIsOneDrawFromTheTarget() throws {
    let round = try ExactPairs.guideRound(.autoregressive)
    #expect(round.emitted == [[0]: Rational(6, 10), [1]: Rational(3, 10), [2]: Rational(1, 10)])
    #expect(round.acceptedLength == [1])
    #expect(round.blockEfficiency == 1)
    #expect(round.branches == 3)
  }

  @Test func theDraftIsNeverEvaluated() throws {
    func tokens(_ draft: MarkovModel<Double>) throws -> [Token] {
      let decoder = try Decoder(target: DecoderTests.model, draft: draft, method: .autoregressive)
      var session = decoder.makeSession()
      var choices = RandomChoices<Double, _>(Philox4x64(key: [21, 0]))
      let tokens = try decoder.generate(20, from: [0], in: &session, using: &choices)
      #expect(session.diagnostics.draftEvaluations == 0 && session.diagnostics.draftedTokens == 0)
      #expect(session.diagnostics.targetEvaluations == 20)
      return tokens
    }
    #expect(try tokens(DecoderTests.draft) == tokens(DecoderTests.model))
  }
}
