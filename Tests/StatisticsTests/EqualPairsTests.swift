import Testing

@testable import Statistics

/// Equal outcomes at every lag: counts against the plain double loop, and the error rate by running through all sequences.
@Suite struct EqualPairsTests {
  static func sequence(_ count: Int, outcomes: Int, seed: UInt64) -> [Int] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % outcomes
    }
  }

  /// Few outcomes are counted by words of bits, many by their places; lengths on both sides of a word's.
  @Test(arguments: [(2, 63), (2, 64), (3, 65), (3, 200), (64, 300), (65, 300), (200, 500), (1, 130), (5, 1), (5, 2)])
  func countsAreThoseOfThePlainLoop(outcomes: Int, count: Int) {
    let sequence = Self.sequence(count, outcomes: outcomes, seed: UInt64(outcomes * 1000 + count))
    let pairs = EqualPairs(sequence)
    let plain = (1..<max(count, 2)).prefix(max(0, count - 1)).map { lag in
      (0..<count - lag).count { sequence[$0] == sequence[$0 + lag] }
    }
    #expect(pairs.counts == plain)
  }

  /// All 2ⁿ sequences of independent outcomes: a p-value of at most α has probability at most α, for every α that occurs.
  @Test(arguments: [EqualPairs.Side.more, .both], [5, 8, 11])
  func theFalseFailRateIsABound(side: EqualPairs.Side, count: Int) throws {
    let law = [0.3, 0.7]
    let probability = law.reduce(0) { $0 + $1 * $1 }
    var masses: [Double: Double] = [:]
    for code in 0..<(1 << count) {
      let sequence = (0..<count).map { code >> $0 & 1 }
      let found = try #require(try EqualPairs(sequence).strongest(probability: probability, side: side))
      masses[found.pValue, default: 0] += sequence.reduce(1) { $0 * law[$1] }
    }
    var below = 0.0
    for pValue in masses.keys.sorted() {
      below += masses[pValue] ?? 0
      #expect(below <= pValue * (1 + 1e-9), "\(pValue)")
    }
  }

  /// Of 4000 outcomes of nine, half copies of the one a lag before: p < 1e-9 at that lag, and no independent sample is so low.
  @Test(arguments: [1, 2, 8, 32, 64, 100, 256, 1000]) func copiesShowAtTheirLag(lag: Int) throws {
    var sequence = Self.sequence(4000, outcomes: 9, seed: UInt64(lag))
    for index in sequence.indices where index / lag % 2 == 1 { sequence[index] = sequence[index - lag] }
    let found = try #require(try EqualPairs(sequence).strongest(probability: 1.0 / 9, side: .both))
    #expect(found.lag.lag == lag)
    #expect(found.pValue < 1e-9)
    let fresh = try EqualPairs(Self.sequence(4000, outcomes: 9, seed: UInt64(lag) + 77))
      .strongest(probability: 1.0 / 9, side: .both)
    #expect(try #require(fresh).pValue > 1e-6)
  }

  /// Outcomes that avoid the one a lag before are too rarely equal.
  @Test func avoidanceShowsToo() throws {
    var sequence = Self.sequence(4000, outcomes: 9, seed: 5)
    for index in sequence.indices.dropFirst(12) where sequence[index] == sequence[index - 12] {
      sequence[index] = (sequence[index] + 1) % 9
    }
    let pairs = EqualPairs(sequence)
    let found = try #require(try pairs.strongest(probability: 1.0 / 9, side: .both))
    #expect(found.lag.lag == 12 && found.lag.equal < 10 && found.pValue < 1e-9)
    #expect(try #require(try pairs.strongest(probability: 1.0 / 9, side: .more)).pValue > 1e-9)
  }

  @Test func whatIsNoLagIsRefused() {
    for lag in [
      EqualPairs.Lag(lag: 0, pairs: 10, equal: 1), .init(lag: 3, pairs: 9, equal: 1), .init(lag: 3, pairs: 7, equal: 8),
    ] {
      #expect(throws: StatisticsError.self) {
        try EqualPairs.pValue(of: lag, samples: 10, probability: 0.5, side: .both)
      }
    }
  }
}
