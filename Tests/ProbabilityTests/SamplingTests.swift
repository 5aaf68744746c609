import Probability
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

  @Test func aliasTablesRealiseTheLawExactly() throws {
    var generator = SplitMix64(seed: 17)
    for size in 1...9 {
      let law = try FiniteLaw(weights: (0..<size).map { _ in Rational(Int(generator.next() % 6)) } + [2])
      let table = AliasTable(law)
      #expect(table.realisedLaw == law.probabilities)
      #expect(table.thresholds.allSatisfy { $0 >= .zero && $0 <= .one })
    }
  }

  @Test func aliasTablesNeverDrawZeroWeight() throws {
    let table = AliasTable(try FiniteLaw([0.0, 0.3, 0.0, 0.7]))
    var generator = SplitMix64(seed: 23)
    var counts = [0, 0, 0, 0]
    for _ in 0..<4000 { counts[table.sample(using: &generator)] += 1 }
    #expect(counts[0] == 0 && counts[2] == 0 && counts[1] > 0 && counts[3] > 0)
  }
}
