import Probability
import TestSupport
import Testing

/// Laws of the samplers, exact where they can be: the tie of Gumbel-Top-k to successive draws is in StatTests,
/// by chi-square.
@Suite struct SamplingTests {
  @Test func successiveDrawsAreDistinctAndStopAtTheSupport() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<100 {
      let drawn = SuccessiveDraws.sample(5, from: [0.5, 0, 0.3, 0.2, 0], using: &generator)
      #expect(drawn.sorted() == [0, 2, 3])
    }
    #expect(SuccessiveDraws.sample(2, from: [0.0, 0.0], using: &generator).isEmpty)
  }

  @Test func gumbelDrawsAreDistinctAndMaskZeros() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<100 {
      let drawn = GumbelTopK.sample(5, from: [0.5, 0, 0.3, 0.2, 0], using: &generator)
      #expect(drawn.sorted() == [0, 2, 3])
    }
  }

  @Test func gumbelAgreesWithTheRaceAtTheCorners() {
    var zeros = ScriptedGenerator(0)
    #expect(GumbelTopK.sample(2, from: [0.1, 0.9], using: &zeros) == [1, 0])
    var ones = ScriptedGenerator(.max)
    #expect(GumbelTopK.sample(2, from: [0.9, 0.1], using: &ones) == [0, 1])
  }
}
