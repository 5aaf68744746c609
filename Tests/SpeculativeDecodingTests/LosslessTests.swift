import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct LosslessTests {
  @Test(arguments: Methods.small, ExactPairs.all.map(\.0))
  func fullRoundAndTwoTokensMore(method: DecodingMethod, pair: String) throws {
    let models = ExactPairs.all.first { $0.0 == pair }!.1
    let decoder = try ExactDecoder(target: models.target, draft: models.draft, method: method)
    let length = method.draftLength + 2
    let law = try decoder.emittedLaw(length: length, after: [0])
    let exact = try SequenceLaw(of: models.target, after: [0], length: length)
    #expect(law.sequences == exact.table)
    // Order 1: a round starts from one of the vocabulary's tokens, and each is enumerated once.
    #expect(law.states <= models.target.vocabularySize)
  }

  @Test(arguments: [
    DecodingMethod.speculative(depth: 1), .specInfer(branching: [2]), .specTr(width: 2, depth: 1),
    .rsdC(branching: [2]), .rsdS(width: 2, depth: 1),
  ])
  func composedRoundsAreTheJointRounds(method: DecodingMethod) throws {
    let models = ExactPairs.skewed
    let decoder = try ExactDecoder(target: models.target, draft: models.draft, method: method)
    let composed = try decoder.emittedLaw(length: 3, after: [0])
    let joint = try decoder.jointEmittedLaw(
      length: 3, after: [0], steps: { StandardSteps() }, choices: EnumeratedChoices())
    #expect(composed.sequences == joint.sequences)
    #expect(composed.branches < joint.branches)
  }

  @Test(arguments: Methods.small)
  func endTokenEndsTheLaw(method: DecodingMethod) throws {
    let models = ExactPairs.skewed
    let decoder = try ExactDecoder(target: models.target, draft: models.draft, method: method, endToken: 1)
    let length = method.draftLength + 1
    let law = try decoder.emittedLaw(length: length, after: [0])
    let exact = try SequenceLaw(of: models.target, after: [0], length: length, endToken: 1)
    #expect(law.sequences == exact.table)
    #expect(law.sequences.keys.allSatisfy { $0.dropLast().allSatisfy { $0 != 1 } })
  }

  @Test func enumerationStopsAtItsLimit() throws {
    let models = ExactPairs.skewed
    let decoder = try ExactDecoder(
      target: models.target, draft: models.draft, method: .rsdC(branching: [2, 2]))
    #expect(throws: SpeculativeDecodingError.enumerationLimit(branches: 100)) {
      try decoder.roundLaw(after: [0], limits: EnumerationLimits(branches: 100))
    }
    #expect(throws: SpeculativeDecodingError.enumerationLimit(branches: 3000)) {
      try decoder.emittedLaw(length: 4, after: [0], limits: EnumerationLimits(branches: 3000))
    }
    #expect(throws: SpeculativeDecodingError.interrupted) {
      try decoder.roundLaw(after: [0], limits: EnumerationLimits { $0 < 0 })
    }
    let round = try decoder.roundLaw(after: [0])
    #expect(round.isNormalised)
    #expect(round.acceptedLength.reduce(.zero, +) == .one)
    #expect(round.branches > 100)
  }
}
