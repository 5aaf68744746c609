import Probability
@testable import SpeculativeDecoding
import Testing

/// Profiles over large vocabularies, where tokens are looked at in blocks, against a sort of all tokens.
@Suite struct TruncatedLawTests {
  /// The profile by its definition: sort, cut, renormalise, one step after the other.
  static func naive(_ profile: SamplingProfile, _ law: [Double]) -> [Double] {
    var law = normalised(law)
    if profile.topK > 0 { law = cut(law) { kept, _ in kept >= profile.topK } }
    if profile.topP < 1 { law = cut(law) { _, mass in mass >= profile.topP } }
    if profile.minP > 0 {
      let threshold = profile.minP * (law.max() ?? 0)
      law = normalised(law.map { $0 < threshold ? 0 : $0 })
    }
    return law
  }

  private static func cut(_ law: [Double], until isEnough: (Int, Double) -> Bool) -> [Double] {
    let order = law.indices.sorted { law[$0] > law[$1] || (law[$0] == law[$1] && $0 < $1) }
    var kept = law.map { _ in 0.0 }
    var mass = 0.0
    for (rank, token) in order.enumerated() {
      kept[token] = law[token]
      mass += law[token]
      if isEnough(rank + 1, mass) { break }
    }
    return normalised(kept)
  }

  private static func normalised(_ law: [Double]) -> [Double] {
    let sum = law.reduce(0, +)
    return law.map { $0 / sum }
  }

  /// Laws that fall off slowly or fast, with ties and zeros.
  private static func law(_ count: Int, _ shape: Int, using generator: inout SplitMix64) -> [Double] {
    var law = (0..<count).map { _ in
      let uniform = UniformBits.unit53(generator.next())
      return switch shape {
      case 0: uniform
      case 1: 1 / (1 + (uniform * 1000).rounded(.down))
      case 2: uniform < 0.01 ? uniform * 100 : uniform * 1e-6
      default: uniform < 0.5 ? 0 : Double(sign: .plus, exponent: -Int(uniform * 60), significand: 1)
      }
    }
    law[Int(generator.next() % UInt64(count))] += 0.1
    return law
  }

  @Test(arguments: [1, 2, 15, 16, 17, 63, 256, 257, 5000], 0..<4)
  func isThatOfASort(count: Int, shape: Int) throws {
    var generator = SplitMix64(seed: UInt64(1000 * shape + count))
    for round in 0..<40 {
      let law = Self.law(count, shape, using: &generator)
      let profile = try SamplingProfile(
        topK: round.isMultiple(of: 2) ? 1 + Int(generator.next() % UInt64(count)) : 0,
        topP: round % 3 == 0 ? 1 : 0.001 + 0.998 * UniformBits.unit53(generator.next()),
        minP: round % 5 == 0 ? UniformBits.unit53(generator.next()) : 0)
      let shaped = try profile.applied(to: law)
      for (token, pair) in zip(shaped, Self.naive(profile, law)).enumerated() {
        #expect((pair.0 > 0) == (pair.1 > 0), "token \(token) under \(profile)")
        #expect(abs(pair.0 - pair.1) <= 1e-12 * max(pair.1, 1e-3))
      }
    }
  }

  @Test func floatsKeepTheSameTokens() throws {
    var generator = SplitMix64(seed: 3)
    for shape in 0..<4 {
      let law = try FiniteLaw(weights: Self.law(20_000, shape, using: &generator).map { Float($0) }).probabilities
      let profile = try SamplingProfile(topK: 500, topP: 0.77)
      let shaped = try profile.applied(to: law)
      let naive = Self.naive(profile, law.map(Double.init))
      #expect(shaped.indices.filter { shaped[$0] > 0 } == naive.indices.filter { naive[$0] > 0 })
      for (one, other) in zip(shaped, naive) { #expect(abs(Double(one) - other) < 1e-6) }
    }
  }

  /// Equal probabilities go by id, however many there are.
  @Test func tiesGoToLowerIdentifiers() throws {
    let flat = [Float](repeating: 1 / 4096, count: 4096)
    let few = try SamplingProfile(topK: 100).applied(to: flat)
    #expect(few.indices.filter { few[$0] > 0 } == Array(0..<100))
    let half = try SamplingProfile(topP: 0.5).applied(to: flat)
    #expect(half.indices.filter { half[$0] > 0 } == Array(0..<2048))
    #expect(try SamplingProfile(temperature: 0).applied(to: flat)[0] == 1)
  }

  /// Powers of two, of which those above one of the thresholds that are tried sum to the mass that is asked for, exactly:
  /// the first threshold, a sixteenth of the largest, and the one between that and a quarter of it.
  @Test(arguments: [
    [(count: 8, weight: 0x1p-4), (count: 4096, weight: 0x1p-13)],
    [(count: 4, weight: 0x1p-4), (count: 128, weight: 0x1p-9), (count: 512, weight: 0x1p-10)],
  ])
  func justEnoughIsEnough(parts: [(count: Int, weight: Double)]) throws {
    let law = parts.reversed().flatMap { [Double](repeating: $0.weight, count: $0.count) }
    let kept = parts.dropLast().reduce(0) { $0 + $1.count }
    let profile = try SamplingProfile(topP: 0.5)
    let expected = law.map { $0 == parts.last?.weight ? 0 : 2 * $0 }
    #expect(expected.count { $0 > 0 } == kept)
    #expect(try profile.applied(to: law) == expected)
    #expect(try profile.applied(to: law.map { Float($0) }) == expected.map { Float($0) })
  }

  @Test func laterFaultsAreFoundToo() {
    var law = [Float](repeating: 1, count: 3000)
    for bad in [Float.nan, .infinity, -1] {
      law[2999] = bad
      #expect(throws: SpeculativeDecodingError.self) { try SamplingProfile(topK: 1).applied(to: law) }
    }
  }
}
