import Testing

@testable import Statistics

@Suite struct CellPlanTests {
  /// Seven outcomes of which two are rare, one is possible only for a wrong sampler, and one tops the rare cell up.
  static let probabilities = [0.5, 0.0004, 0.2, 0, 0.0005, 0.29, 0.0091]

  @Test func rareCellsArePooledByExpectedCounts() throws {
    let plan = try CellPlan(probabilities: Self.probabilities, samples: 1_000_000)
    // Expected 400 and 500 are rare; together they are short of 1000, so that the next joins them.
    #expect(plan.pooled == [1, 4, 6])
    #expect(plan.separate == [0, 5, 2])
    #expect(isClose(plan.pooledMass, 0.01, within: 1e-12))
    #expect(isClose(plan.smallestExpected, 10_000, within: 1e-12))
    #expect(plan.degreesOfFreedom == 3)
  }

  @Test func noCellIsPooledWithoutNeed() throws {
    let plan = try CellPlan(probabilities: Self.probabilities, samples: 2_500_000)
    #expect(plan.pooled.isEmpty && plan.pooledMass == 0)
    #expect(plan.separate == [0, 5, 2, 6, 4, 1])
    #expect(isClose(plan.smallestExpected, 1000, within: 1e-12))
  }

  @Test func tooFewSamplesShareOneCell() throws {
    let plan = try CellPlan(probabilities: [0.5, 0.5], samples: 3)
    #expect(plan.separate.isEmpty && plan.degreesOfFreedom == 0)
    let result = try plan.test(counts: [3, 0])
    #expect(result.pValue == 1 && result.statistic == 0 && result.impossible == 0)
  }

  /// The cells hold every outcome of positive probability once, whatever the plan, and every cell its minimum.
  @Test(arguments: [0, 1, 1999, 10_000, 100_000, 2_000_000, 50_000_000]) func cellsKeepTheSum(samples: Int) throws {
    let plan = try CellPlan(probabilities: Self.probabilities, samples: samples)
    #expect((plan.pooled + plan.separate).sorted() == [0, 1, 2, 4, 5, 6])
    let separateMass = plan.separate.reduce(0) { $0 + plan.probabilities[$1] }
    #expect(abs(separateMass + plan.pooledMass - 1) < 1e-12)
    #expect(plan.degreesOfFreedom == 0 || plan.smallestExpected >= 1000)
  }

  /// X² and G of the pooled table, against scipy.stats.power_divergence([500300, 199900, 289700, 10100], …).
  @Test func statisticsAreThoseOfThePooledTable() throws {
    let plan = try CellPlan(probabilities: Self.probabilities, samples: 1_000_000)
    let result = try plan.test(counts: [500_300, 350, 199_900, 0, 540, 289_700, 9210])
    #expect(isClose(result.statistic, 1.5403448275862068, within: 1e-10), "\(result.statistic)")
    #expect(isClose(result.likelihoodRatio, 1.5371074785755638, within: 1e-7), "\(result.likelihoodRatio)")
    #expect(isClose(result.pValue, 0.6729905521215476, within: 1e-10), "\(result.pValue)")
    #expect(result.degreesOfFreedom == 3 && result.impossible == 0)
  }

  /// Other counts of the same total change neither the cells nor the degrees of freedom; in the rare cell only the
  /// sum counts.
  @Test func poolingIgnoresTheCounts() throws {
    let plan = try CellPlan(probabilities: Self.probabilities, samples: 1_000_000)
    let results = try [[0, 350, 540, 9210], [0, 10_100, 0, 0], [0, 0, 0, 10_100]].map { rare in
      try plan.test(counts: [500_300, rare[1], 199_900, rare[0], rare[2], 289_700, rare[3]])
    }
    #expect(Set(results).count == 1)
    let wild = try plan.test(counts: [1_000_000, 0, 0, 0, 0, 0, 0])
    #expect(wild.degreesOfFreedom == 3 && wild.pValue == 0)
  }

  /// A cell of probability 0 is never pooled, and one hit in it is reported though the p-value is harmless.
  @Test func impossibleCellsStandApart() throws {
    for minimum in [0, 1000, Double.infinity] {
      let plan = try CellPlan(
        probabilities: Self.probabilities, samples: 1_000_000, minimumExpected: minimum)
      #expect(!plan.pooled.contains(3) && !plan.separate.contains(3))
      let result = try plan.test(counts: [499_999, 400, 200_000, 1, 500, 290_000, 9100])
      #expect(result.impossible == 1 && result.pValue > 0.9)
    }
    let certain = try CellPlan(probabilities: [1, 0], samples: 5)
    #expect(try certain.test(counts: [4, 1]).impossible == 1)
    #expect(try certain.test(counts: [5, 0]).impossible == 0)
  }

  @Test func renamingOutcomesChangesNothing() throws {
    let counts = [500_300, 350, 199_900, 2, 540, 289_700, 9208]
    let reference = try CellPlan(probabilities: Self.probabilities, samples: 1_000_000).test(counts: counts)
    for shift in 1..<7 {
      // Multiplying by 1 to 6 permutes the residues of 7.
      let order = (0..<7).map { $0 * shift % 7 }
      let result = try CellPlan(probabilities: order.map { Self.probabilities[$0] }, samples: 1_000_000)
        .test(counts: order.map { counts[$0] })
      #expect(result == reference)
    }
  }

  @Test func minimumSamplesIsTheFewest() throws {
    for mass in [0, 0.001, 0.02, 1] {
      let samples = try CellPlan.minimumSamples(
        probabilities: Self.probabilities, pooledMassAtMost: mass, expectedAtLeast: 1000)
      func isMet(_ samples: Int) throws -> Bool {
        let plan = try CellPlan(probabilities: Self.probabilities, samples: samples)
        return plan.pooledMass <= mass && plan.smallestExpected >= 1000 && !plan.separate.isEmpty
      }
      #expect(try isMet(samples), "\(mass)")
      #expect(try !isMet(samples - 1), "\(mass)")
    }
  }

  @Test func badInputIsRefused() throws {
    for probability in [-0.5, .nan, .infinity] {
      #expect(throws: StatisticsError.argument("a probability is finite and at least 0, not \(probability)")) {
        try CellPlan(probabilities: [1, probability], samples: 10)
      }
    }
    #expect(throws: StatisticsError.argument("a test needs at least one outcome")) {
      try CellPlan(probabilities: [], samples: 10)
    }
    #expect(throws: StatisticsError.argument("the probabilities sum to 0.75, not to 1")) {
      try CellPlan(probabilities: [0.5, 0.25], samples: 10)
    }
    #expect(throws: StatisticsError.argument("a number of samples is at least 0, not -1")) {
      try CellPlan(probabilities: [1], samples: -1)
    }
    #expect(throws: StatisticsError.argument("an expected count is at least 0, not nan")) {
      try CellPlan(probabilities: [1], samples: 1, minimumExpected: .nan)
    }
    #expect(throws: StatisticsError.argument("the rarest cell would need more than 1e15 samples")) {
      try CellPlan.minimumSamples(probabilities: [1, 1e-13], pooledMassAtMost: 0, expectedAtLeast: 1000)
    }
    #expect(throws: StatisticsError.argument("limits on cells must be positive")) {
      try CellPlan.minimumSamples(probabilities: [1], pooledMassAtMost: .nan, expectedAtLeast: 1000)
    }
    let plan = try CellPlan(probabilities: [0.5, 0.5], samples: 10)
    #expect(throws: StatisticsError.sizes(expected: 2, given: 3)) { try plan.test(counts: [5, 5, 0]) }
    #expect(throws: StatisticsError.argument("a count is at least 0")) { try plan.test(counts: [11, -1]) }
    #expect(throws: StatisticsError.argument("9 samples were counted, 10 planned")) {
      try plan.test(counts: [5, 4])
    }
    #expect(throws: StatisticsError.argument("the counts sum to more than an integer holds")) {
      try plan.test(counts: [.max, 11])
    }
  }
}
