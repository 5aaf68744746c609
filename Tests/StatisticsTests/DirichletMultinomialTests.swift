import Testing

@testable import Statistics

@Suite struct DirichletMultinomialTests {
  struct Oracle: Sendable {
    let law: [Double]
    let prior: Double
    let counts: [Int]
    let logEvidence: Double
  }

  static let oracles = [
    Oracle(law: [0.4, 0.4, 0.2], prior: 1, counts: [20, 17, 9], logEvidence: -2.9505607854518),
    Oracle(law: [0.4, 0.4, 0.2], prior: 1, counts: [60, 63, 32], logEvidence: -4.183813982367695),
    Oracle(law: [0.4, 0.4, 0.2], prior: 1, counts: [0, 0, 0], logEvidence: 0),
    Oracle(law: [0.5, 0.3, 0.2], prior: 0.5, counts: [10, 0, 0], logEvidence: 3.8869493678760296),
    Oracle(law: [0.5, 0.3, 0.2], prior: 0.5, counts: [600, 250, 150], logEvidence: 13.751506634756),
    Oracle(law: [0.5, 0.3, 0.2], prior: 1, counts: [520, 290, 190], logEvidence: -5.337596754645),
    Oracle(law: [0.5, 0.3, 0.2], prior: 1, counts: [5300, 2900, 1800], logEvidence: 12.388475807105),
  ]

  @Test(arguments: oracles) func logEvidenceMatchesTheOracle(_ oracle: Oracle) throws {
    let prior = oracle.law.map { _ in oracle.prior }
    let process = try DirichletMultinomial(law: oracle.law, prior: prior)
    let logEvidence = try process.logEvidence(counts: oracle.counts)
    #expect(abs(logEvidence - oracle.logEvidence) < 1e-10, "\(logEvidence)")
    // An outcome that cannot happen, and does not, changes nothing.
    let wider = try DirichletMultinomial(law: [0] + oracle.law, prior: [0] + prior)
    #expect(try wider.logEvidence(counts: [0] + oracle.counts) == logEvidence)
    #expect(try wider.logEvidence(counts: [1] + oracle.counts) == .infinity)
  }

  /// Of three outcomes, every (x, y, z) with x + y + z = n and its multinomial probability.
  static func outcomes(_ samples: Int, _ law: [Double]) -> [(counts: [Int], probability: Double)] {
    var outcomes: [(counts: [Int], probability: Double)] = []
    for first in 0...samples {
      for second in 0...(samples - first) {
        let counts = [first, second, samples - first - second]
        // The multinomial coefficient by successive binomial ones, all of them integers.
        var ways = 1
        var taken = 0
        var probability = 1.0
        for (count, outcome) in zip(counts, law) {
          for step in 0..<count {
            taken += 1
            ways = ways * taken / (step + 1)
            probability *= outcome
          }
        }
        outcomes.append((counts, Double(ways) * probability))
      }
    }
    return outcomes
  }

  /// Σ pmf(x)·e(x) = 1 for every n ≤ 8: what makes e an e-value.
  @Test(arguments: 0...8, [0.25, 1, 3.5]) func evidenceHasMeanOne(samples: Int, prior: Double) throws {
    let law = [0.6, 0.3, 0.1]
    let flat = try DirichletMultinomial(law: law, prior: [prior, 2 * prior, prior])
    let scaled = try DirichletMultinomial(law: law, concentration: 1e6 * prior)
    let average = try EProcess(law: law)
    var means = [0.0, 0, 0, 0]
    for (counts, probability) in Self.outcomes(samples, law) {
      means[0] += probability
      means[1] += probability * Logarithm.exponential(try flat.logEvidence(counts: counts))
      means[2] += probability * Logarithm.exponential(try scaled.logEvidence(counts: counts))
      means[3] += probability * Logarithm.exponential(try average.logEvidence(counts: counts))
    }
    #expect(means.allSatisfy { abs($0 - 1) < 1e-12 }, "\(means)")
  }

  /// e is the product of predictive probabilities over those of the law, in any order, at every step: also across
  /// the change from sums of logarithms to lnΓ.
  @Test(arguments: [1, 3, 5]) func sequentialProductIsTheClosedForm(stride: Int) throws {
    let law = [0.2, 0.5, 0.1, 0.2]
    let prior = [0.3, 2, 0.7, 40]
    let process = try DirichletMultinomial(law: law, prior: prior)
    var counts = [0, 0, 0, 0]
    var logarithm = 0.0
    for step in 0..<800 {
      let outcome = [0, 1, 1, 3, 2, 0, 1, 3][step * stride % 8]
      let predictive = (prior[outcome] + Double(counts[outcome])) / (43 + Double(step))
      logarithm += Logarithm.natural(predictive / law[outcome])
      counts[outcome] += 1
      #expect(abs(try process.logEvidence(counts: counts) - logarithm) < 1e-11)
    }
    #expect(counts.allSatisfy { $0 > 64 })
  }

  @Test func evidenceDependsOnMergedCountsAlone() throws {
    let process = try EProcess(law: [0.5, 0.3, 0, 0.2])
    let shards = [[52, 30, 0, 18], [49, 35, 0, 22], [11, 1, 0, 3]]
    let merged = (0..<4).map { outcome in shards.reduce(0) { $0 + $1[outcome] } }
    let reverse = (0..<4).map { outcome in shards.reversed().reduce(0) { $0 + $1[outcome] } }
    #expect(try process.logEvidence(counts: merged) == process.logEvidence(counts: reverse))
    // Renaming the outcomes changes the order of the sum, and so at most its rounding.
    let renamed = try EProcess(law: [0, 0.2, 0.5, 0.3])
    let order = [2, 3, 0, 1]
    let difference =
      try process.logEvidence(counts: merged) - renamed.logEvidence(counts: order.map { merged[$0] })
    #expect(abs(difference) < 1e-12)
  }

  /// The rounding of a law to a sum of 1 + 1e-7 must not turn into evidence.
  @Test func lawsAreScaledToSumOne() throws {
    let law = [0.5, 0.3, 0.2]
    let counts = [5_000_000_000, 3_000_000_000, 2_000_000_000]
    let exact = try EProcess(law: law).logEvidence(counts: counts)
    let rounded = try EProcess(law: law.map { $0 * (1 - 1e-7) }).logEvidence(counts: counts)
    #expect(abs(exact - rounded) < 1e-3)
    #expect(exact < 0)
  }

  @Test func tinyProbabilitiesAreInRange() throws {
    let process = try EProcess(law: [1, 1e-300])
    let logEvidence = try process.logEvidence(counts: [10, 2])
    #expect(logEvidence.isFinite && logEvidence > 100)
  }

  @Test func badInputIsRefused() throws {
    let law = [0.5, 0.5]
    let ranges = StatisticsError.argument("a prior is finite, above 0 where the law is, and 0 where the law is 0")
    for prior in [[1, 0], [1, -1], [1, .nan], [1, .infinity]] {
      #expect(throws: ranges) { try DirichletMultinomial(law: law, prior: prior) }
    }
    #expect(throws: ranges) { try DirichletMultinomial(law: [1, 0], prior: [1, 1]) }
    #expect(throws: StatisticsError.sizes(expected: 2, given: 3)) {
      try DirichletMultinomial(law: law, prior: [1, 1, 1])
    }
    #expect(throws: StatisticsError.argument("the probabilities sum to 0.5, not to 1")) {
      try EProcess(law: [0.25, 0.25])
    }
    for concentration in [0, -1, .nan, .infinity] {
      #expect(
        throws: StatisticsError.argument("a concentration is finite and above 0, not \(concentration)")
      ) {
        try DirichletMultinomial(law: law, concentration: concentration)
      }
    }
    let process = try EProcess(law: law)
    #expect(throws: StatisticsError.sizes(expected: 2, given: 1)) { try process.logEvidence(counts: [1]) }
    #expect(throws: StatisticsError.argument("a count is at least 0")) {
      try process.logEvidence(counts: [1, -1])
    }
    #expect(throws: StatisticsError.argument("the counts sum to more than an integer holds")) {
      try process.logEvidence(counts: [.max, 1])
    }
  }
}
