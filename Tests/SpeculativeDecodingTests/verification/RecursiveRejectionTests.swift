import Probability
@testable import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct RecursiveRejectionTests {
  /// The table of `docs/recursive-rejection.md`: one candidate, two with replacement, two without.
  @Test func theGuidesAcceptance() throws {
    #expect(try ExactPairs.guideRound(.speculative(depth: 1)).acceptedLength[1] == Rational(9, 20))
    #expect(try ExactPairs.guideRound(.specInfer(branching: [2])).acceptedLength[1] == Rational(111, 200))
    #expect(try ExactPairs.guideRound(.rsdC(branching: [2])).acceptedLength[1] == Rational(23, 35))
  }

  @Test(arguments: Methods.small)
  func equalLawsAcceptEverything(method: DecodingMethod) throws {
    let model = ExactPairs.skewed.target
    let round = try ExactPairs.decoder(model, model, method).roundLaw(after: [0])
    #expect(round.acceptedLength.last == .one)
    #expect(round.blockEfficiency == Rational(method.draftLength + 1))
  }

  @Test(arguments: Methods.small.filter { $0 != .autoregressive })
  func disjointSupportsAcceptNothing(method: DecodingMethod) throws {
    let (target, draft) = (ExactPairs.categorical(0, 0, 1, 1), ExactPairs.categorical(2, 1, 0, 0))
    let round = try ExactPairs.decoder(target, draft, method).roundLaw(after: [])
    #expect(round.acceptedLength.first == .one)
    #expect(round.emitted == [[2]: Rational(1, 2), [3]: Rational(1, 2)])
  }
}
