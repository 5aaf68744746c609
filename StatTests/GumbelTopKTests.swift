import Certification
import Probability
import Statistics
import TestSupport
import Testing

/// Ties Gumbel-Top-k to successive draws: the same law of ordered samples without replacement.
///
/// N = 400,000 for each of 3 laws and both samplers, false-fail rate 1e-7 each for any seed. They would catch an order
/// other than descending (w ≥ 0.5), and noise of 24 bits only where a token is rarer than any here.
@Suite(.optimised) struct GumbelTopKTests {
  static let samples = 400_000

  static func orderedLaw(_ weights: [Rational], count: Int) -> [[Int]: Rational] {
    var law: [[Int]: Rational] = [[]: .one]
    for _ in 0..<count {
      var next: [[Int]: Rational] = [:]
      for (drawn, probability) in law {
        let left = weights.indices.filter { !drawn.contains($0) && weights[$0] > .zero }
        let total = left.reduce(Rational.zero) { $0 + weights[$1] }
        guard !left.isEmpty else {
          next[drawn, default: .zero] += probability
          continue
        }
        for token in left { next[drawn + [token], default: .zero] += probability * (weights[token] / total) }
      }
      law = next
    }
    return law
  }

  static let laws: [[Rational]] = [
    [Rational(4, 10), Rational(3, 10), Rational(2, 10), Rational(1, 10)],
    [Rational(1, 2), 0, Rational(49, 100), Rational(1, 100)],
    [Rational(1, 3), Rational(1, 3), Rational(1, 3)],
  ]

  @Test(arguments: laws.indices)
  func gumbelIsSuccessiveDraws(index: Int) throws {
    let weights = Self.laws[index]
    let law = Self.orderedLaw(weights, count: 3)
    let test = try LawTest(law, samples: Self.samples, share: 1e-7 / 2)
    #expect(test.cells.smallestExpected >= 1000)
    let doubles = weights.map(\.approximation)
    var generator = Philox4x64(key: [0x5EED_0003, UInt64(index)])
    var gumbel: [[Int]: Int] = [:]
    var successive: [[Int]: Int] = [:]
    var ascending: [[Int]: Int] = [:]
    for _ in 0..<Self.samples {
      let drawn = GumbelTopK.sample(3, from: doubles, using: &generator)
      gumbel[drawn, default: 0] += 1
      ascending[drawn.sorted(), default: 0] += 1
      successive[SuccessiveDraws.sample(3, from: doubles, using: &generator), default: 0] += 1
    }
    #expect(try test.pValue(of: gumbel) >= test.share)
    #expect(try test.pValue(of: successive) >= test.share)
    // The order is part of the law: the same draws in another order are refused.
    #expect(try test.pValue(of: ascending) < test.share)
  }
}
