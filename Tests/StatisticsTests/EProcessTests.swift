import Testing

@testable import Statistics

@Suite struct EProcessTests {
  @Test func concentrationsCountPossibleOutcomes() throws {
    #expect(try EProcess(law: [0.5, 0, 0.25, 0.25]).concentrations == [1.5, 1e2, 1e4, 1e6])
  }

  @Test func averageIsThatOfItsComponents() throws {
    let law = [0.7, 0.2, 0.1]
    let process = try EProcess(law: law)
    for counts in [[0, 0, 0], [70, 20, 10], [60, 25, 15], [1, 0, 9]] {
      var sum = 0.0
      for concentration in [1.5, 1e2, 1e4, 1e6] {
        let prior = law.map { concentration * $0 }
        let component = try DirichletMultinomial(law: law, prior: prior)
        sum += Logarithm.exponential(try component.logEvidence(counts: counts))
      }
      let average = Logarithm.exponential(try process.logEvidence(counts: counts))
      // At a = 10⁶ the rounding of lnΓ is 1e-9.
      #expect(isClose(average, sum / 4, within: 1e-8))
    }
    // e itself is far out of range here.
    #expect(try process.logEvidence(counts: [0, 0, 1_000_000]) > 2_000_000)
    #expect(try process.logEvidence(counts: [700_000_000, 200_000_000, 100_000_000]) < 0)
    #expect(try EProcess(law: [1, 0]).logEvidence(counts: [5, 1]) == .infinity)
  }

  /// The exact probability that a process of two outcomes ever does what `stops` says, within so many samples.
  static func crossing(
    _ probability: Double, within samples: Int, stops: ([Int]) throws -> Bool
  ) rethrows -> Double {
    // The mass of each number of hits on paths that have not stopped.
    var alive = [1.0]
    var stopped = 0.0
    for size in 1...samples {
      var next = Array(repeating: 0.0, count: size + 1)
      for (hits, mass) in alive.enumerated() {
        next[hits] += mass * (1 - probability)
        next[hits + 1] += mass * probability
      }
      for hits in 0...size where next[hits] > 0 {
        if try stops([hits, size - hits]) {
          stopped += next[hits]
          next[hits] = 0
        }
      }
      alive = next
    }
    return stopped
  }

  /// A right law is refused at any of 600 looks with probability ≤ α, exactly over all paths.
  ///
  /// The test is not idle: it refuses with probability > α/10.
  @Test(arguments: [0.05, 0.01], [0.5, 0.2]) func rightLawsAreRefusedRarely(
    falseFail: Double, probability: Double
  ) throws {
    let process = try EProcess(law: [probability, 1 - probability])
    let threshold = try EProcess.logThreshold(falseFail: falseFail, cases: 1)
    let refused = try Self.crossing(probability, within: 600) {
      try process.logEvidence(counts: $0) >= threshold
    }
    #expect(refused <= falseFail && refused > falseFail / 10, "\(refused)")
  }

  /// The bound is below the true distance at any of 600 looks with probability ≤ α, exactly over all paths.
  @Test(arguments: [0.3, 0.5, 0.9]) func boundCovers(probability: Double) throws {
    let law = [0.3, 0.7]
    let process = try EProcess(law: law)
    let single = try DirichletMultinomial(law: law, prior: [0.5, 0.5])
    let distance = abs(probability - law[0])
    let missed = try Self.crossing(probability, within: 600) {
      try process.totalVariationBound(counts: $0, falseFail: 0.05) < distance
    }
    let missedBySingle = try Self.crossing(probability, within: 600) {
      try single.totalVariationBound(counts: $0, falseFail: 0.05) < distance
    }
    #expect(missed <= 0.05 && missedBySingle <= 0.05)
  }

  /// k = 8, α = 1e-9, frequencies as expected: 5.7e-3 after a million samples, 6.4e-4 after a hundred million.
  @Test func boundMatchesTheOracle() throws {
    let law = Array(repeating: 0.125, count: 8)
    let process = try DirichletMultinomial(law: law, concentration: 4)
    let million = try process.totalVariationBound(
      counts: Array(repeating: 125_000, count: 8), falseFail: 1e-9)
    #expect(abs(million - 5.7197968443e-3) < 1e-12, "\(million)")
    let hundred = try process.totalVariationBound(
      counts: Array(repeating: 12_500_000, count: 8), falseFail: 1e-9)
    #expect(abs(hundred - 6.38553987e-4) < 1e-11, "\(hundred)")
  }

  /// The bound by its definition, L = ln[B(a + x)/B(a)] − Σ xᵢ ln p̂ᵢ, through lnΓ.
  @Test func boundFollowsItsDefinition() throws {
    let law = [0.5, 0.3, 0.2]
    let counts = [5300, 2900, 1800]
    func logBeta(_ values: [Double]) throws -> Double {
      try values.reduce(0) { $0 + (try GSL.logGamma($1)) } - GSL.logGamma(values.reduce(0, +))
    }
    var evidence = try logBeta([5300.5, 2900.5, 1800.5]) - logBeta([0.5, 0.5, 0.5])
    for count in counts { evidence -= Double(count) * Logarithm.natural(Double(count) / 10_000) }
    let expected = 0.03 + ((Logarithm.natural(1e6) - evidence) / 20_000).squareRoot()
    let bound = try DirichletMultinomial(law: law, prior: [0.5, 0.5, 0.5])
      .totalVariationBound(counts: counts, falseFail: 1e-6)
    #expect(isClose(bound, expected, within: 1e-9), "\(bound)")
  }

  /// What a pass states after 10⁵ samples at α = 1e-6/150: counts off by the quantiles of the normal law.
  @Test(arguments: [(16, 0.017), (81, 0.027), (256, 0.047)]) func realisticBounds(outcomes: Int, bound: Double) throws {
    let quantiles = [-1.5341, -0.8871, -0.4888, -0.1573, 0.1573, 0.4888, 0.8871, 1.5341]
    let mean = 1e5 / Double(outcomes)
    let counts = (0..<outcomes).map { Int((mean + quantiles[$0 % 8] * mean.squareRoot()).rounded()) }
    let process = try EProcess(law: Array(repeating: 1 / Double(outcomes), count: outcomes))
    let stated = try process.totalVariationBound(counts: counts, falseFail: 1e-6 / 150)
    #expect(isClose(stated, bound, within: 0.08), "\(stated)")
  }

  @Test func cornersOfTheBound() throws {
    let process = try EProcess(law: [0.5, 0.5, 0])
    #expect(try process.totalVariationBound(counts: [0, 0, 0], falseFail: 0.01) == 1)
    #expect(try process.totalVariationBound(counts: [50, 49, 1], falseFail: 0.01) == 1)
    #expect(try process.totalVariationBound(counts: [1, 0, 0], falseFail: 0.01) == 1)
    for rate in [0, 1, .nan] {
      #expect(throws: StatisticsError.argument("a false-fail rate is between 0 and 1, not \(rate)")) {
        try process.totalVariationBound(counts: [1, 1, 0], falseFail: rate)
      }
    }
  }

  @Test func thresholdsShareTheRate() throws {
    #expect(isClose(try EProcess.logThreshold(falseFail: 1e-6, cases: 150), 18.82614585206053, within: 1e-9))
    #expect(throws: StatisticsError.argument("a suite has at least 1 case, not 0")) {
      try EProcess.logThreshold(falseFail: 1e-6, cases: 0)
    }
  }
}
