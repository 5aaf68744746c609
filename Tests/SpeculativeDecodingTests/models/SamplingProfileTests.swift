import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct SamplingProfileTests {
  static let law = [Rational(1, 10), Rational(3, 10), Rational(4, 10), Rational(2, 10)]

  static func applied(_ profile: SamplingProfile, to law: [Rational] = law) throws -> [Rational] {
    try profile.applied(to: law)
  }

  @Test func greedyTakesTheLowestOfTies() throws {
    let greedy = try SamplingProfile(temperature: 0)
    #expect(try Self.applied(greedy) == [0, 0, 1, 0])
    #expect(try Self.applied(greedy, to: [Rational(1, 4), Rational(3, 8), Rational(3, 8)]) == [0, 1, 0])
  }

  @Test func temperatureIsAPower() throws {
    let squared = try Self.applied(try SamplingProfile(temperature: 0.5))
    #expect(squared == [Rational(1, 30), Rational(9, 30), Rational(16, 30), Rational(4, 30)])
    #expect(throws: SpeculativeDecodingError.self) { try Self.applied(try SamplingProfile(temperature: 1.5)) }
    let double = try SamplingProfile(temperature: 0.5).applied(to: [0.1, 0.3, 0.4, 0.2])
    for (left, right) in zip(double, squared) { #expect(abs(left - right.approximation) < 1e-15) }
    // Powers of small probabilities must not underflow all together.
    let tiny = try SamplingProfile(temperature: 0.001).applied(to: [0.25, 0.2, 0.5])
    #expect(tiny[2] == 1 && tiny[0] > 0 && tiny[0] < 1e-300 && tiny[1] < tiny[0])
  }

  @Test func topKKeepsLowerIdentifiersOnTies() throws {
    #expect(
      try Self.applied(
        try SamplingProfile(topK: 2), to: [Rational(1, 4), Rational(1, 4), Rational(1, 4), Rational(1, 4)])
        == [Rational(1, 2), Rational(1, 2), 0, 0])
    #expect(try Self.applied(try SamplingProfile(topK: 2)) == [0, Rational(3, 7), Rational(4, 7), 0])
    #expect(try Self.applied(try SamplingProfile(topK: 9)) == Self.law)
  }

  @Test func topPStopsWhereTheSumReachesIt() throws {
    #expect(try Self.applied(try SamplingProfile(topP: 0.7)) == [0, Rational(3, 7), Rational(4, 7), 0])
    #expect(
      try Self.applied(try SamplingProfile(topP: 0.71)) == [
        0, Rational(3, 9), Rational(4, 9), Rational(2, 9),
      ])
    #expect(try Self.applied(try SamplingProfile(topP: 1e-9)) == [0, 0, 1, 0])
  }

  /// The shortest run in descending order, whatever the law: against a sort of all tokens.
  @Test func whatIsKeptIsAPrefixOfTheSortedLaw() throws {
    var generator = SplitMix64(seed: 5)
    for round in 0..<2000 {
      let count = 1 + Int(generator.next() % 70)
      // Few values, so that there are ties and zeros.
      var weights = (0..<count).map { _ in Float(generator.next() % 12) }
      weights[0] += 1
      let law = try FiniteLaw(weights: weights).probabilities
      let order = law.indices.sorted { law[$0] > law[$1] || (law[$0] == law[$1] && $0 < $1) }
      let kept: [Int]
      let profile: SamplingProfile
      if round.isMultiple(of: 2) {
        profile = try SamplingProfile(topK: 1 + Int(generator.next() % 20))
        kept = Array(order.prefix(profile.topK))
      } else {
        profile = try SamplingProfile(topP: Double(1 + generator.next() % 999) / 1000)
        var sum = Float(0)
        kept = Array(
          order.prefix { token in
            defer { sum += law[token] }
            return Double(sum) < profile.topP
          })
      }
      let shaped = try profile.applied(to: law)
      #expect(shaped.indices.filter { shaped[$0] > 0 } == kept.filter { law[$0] > 0 }.sorted())
      #expect(abs(shaped.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func minPIsRelativeToTheLargest() throws {
    #expect(
      try Self.applied(try SamplingProfile(minP: 0.5)) == [0, Rational(3, 9), Rational(4, 9), Rational(2, 9)])
    #expect(try Self.applied(try SamplingProfile(minP: 1)) == [0, 0, 1, 0])
  }

  @Test func stepsComeInTheirOrder() throws {
    // Temperature 1/2, then top-k 3, then top-p: each renormalises what the last one left.
    let profile = try SamplingProfile(temperature: 0.5, topK: 3, topP: 0.8)
    #expect(try Self.applied(profile) == [0, Rational(9, 25), Rational(16, 25), 0])
  }

  @Test(arguments: [
    (-1.0, 0, 1.0, 0.0), (.nan, 0, 1, 0), (.infinity, 0, 1, 0), (1, -1, 1, 0), (1, 0, 0, 0), (1, 0, 1.1, 0),
    (1, 0, .nan, 0), (1, 0, 1, -0.1), (1, 0, 1, 1.1), (1, 0, 1, .nan),
  ])
  func badProfilesAreRefused(temperature: Double, topK: Int, topP: Double, minP: Double) {
    #expect(throws: SpeculativeDecodingError.self) {
      try SamplingProfile(temperature: temperature, topK: topK, topP: topP, minP: minP)
    }
  }

  @Test func badLawsAreRefused() {
    #expect(
      throws: SpeculativeDecodingError.invalidLaw(
        place: "the law under the sampling profile", reason: .notFinite(outcome: 1))
    ) { try SamplingProfile(topK: 1).applied(to: [0.5, .nan]) }
    #expect(throws: SpeculativeDecodingError.self) { try SamplingProfile(topK: 1).applied(to: [0.0, 0.0]) }
  }

  /// The decoder under a profile is lossless for the profiled target, for each profile that is exact in rationals.
  @Test(arguments: [
    DecodingMethod.speculative(depth: 2), .specInfer(branching: [2]), .specTr(width: 2, depth: 1),
    .rsdC(branching: [2, 2]),
    .rsdS(width: 2, depth: 2),
  ])
  func profilesAreLossless(method: DecodingMethod) throws {
    let profiles = [
      try SamplingProfile(temperature: 0), try SamplingProfile(temperature: 0.5),
      try SamplingProfile(topK: 2),
      try SamplingProfile(topP: 0.65), try SamplingProfile(temperature: 0.5, topK: 2, topP: 0.9, minP: 0.1),
    ]
    for profile in profiles {
      let decoder = try Decoder(
        target: ProfiledModel(ExactPairs.skewed.target, profile: profile),
        draft: ProfiledModel(ExactPairs.skewed.draft, profile: profile), method: method)
      let law = try decoder.emittedLaw(length: method.draftLength + 1, after: [0])
      let exact = try SequenceLaw(
        of: ExactPairs.skewed.target.applying(profile), after: [0], length: method.draftLength + 1)
      #expect(law.sequences == exact.table)
    }
  }
}
