/// A chi-square test of counts against an exact law, with its cells, errors and verdict stated before any data.
///
/// The one such test: of decoded sequences, accepted lengths, draft trees, or whatever outcomes a law has.
///
///     let test = try LawTest(outcomes: ["a", "b"], probabilities: [0.25, 0.75], samples: 100_000, share: 1e-8)
///     try test.power(against: ["a": 0.27, "b": 0.73])     // the probability that it refuses this law
///     try test.result(of: ["a": 25_310, "b": 74_690]).pValue
public struct LawTest<Outcome: Hashable & Sendable>: Sendable {
  /// The outcomes of positive probability, in the order given.
  public let outcomes: [Outcome]
  /// The cells over them; the last, of probability 0, holds everything else.
  public let cells: CellPlan
  /// The nominal significance.
  public let share: Double

  /// A test of `samples` outcomes.
  ///
  /// - Parameters:
  ///   - probabilities: of the outcomes, of shape [outcomes]; those of probability 0 are left out.
  ///   - share: the nominal significance. The true rate is up to 1.6 times as large at levels of 1e-8.
  ///   - minimumExpected: the smallest expected count of a cell.
  /// - Throws: ``StatisticsError`` where law and samples make no cells.
  public init(
    outcomes: [Outcome], probabilities: [Double], samples: Int, share: Double,
    minimumExpected: Double = CellPlan.minimumExpected
  ) throws(StatisticsError) {
    guard outcomes.count == probabilities.count else {
      throw .sizes(expected: outcomes.count, given: probabilities.count)
    }
    let possible = outcomes.indices.filter { probabilities[$0] > 0 }
    self.outcomes = possible.map { outcomes[$0] }
    cells = try CellPlan(
      probabilities: possible.map { probabilities[$0] } + [0], samples: samples, minimumExpected: minimumExpected)
    self.share = share
  }

  /// Samples to be taken.
  public var samples: Int { cells.samples }

  /// The outcomes' probabilities.
  public var law: [Outcome: Double] { Dictionary(uniqueKeysWithValues: zip(outcomes, cells.probabilities)) }

  /// Whether the rare cell and the expected counts are within their limits: ``CellPlan/maximumPooledMass`` and
  /// ``CellPlan/minimumExpected``.
  public var hasSoundCells: Bool {
    cells.pooledMass <= CellPlan.maximumPooledMass && cells.smallestExpected >= CellPlan.minimumExpected
  }
}

// MARK: Power

extension LawTest {
  /// Cohen's w of another law over the cells: √Σ(q′ − q)²/q.
  public func effect(of other: [Outcome: Double]) -> Double {
    func term(_ indices: [Int]) -> Double {
      let expected = indices.reduce(0) { $0 + cells.probabilities[$1] }
      // The last cell holds what the law excludes: it stands in no statistic.
      let realised = indices.reduce(0) { $1 < outcomes.count ? $0 + other[outcomes[$1], default: 0] : $0 }
      return (realised - expected) * (realised - expected) / expected
    }
    let sum = cells.separate.reduce(0) { $0 + term([$1]) }
    return (sum + (cells.pooled.isEmpty ? 0 : term(cells.pooled))).squareRoot()
  }

  /// The mass of another law on outcomes of probability 0.
  public func impossibleMass(of other: [Outcome: Double]) -> Double {
    let known = Set(outcomes)
    return other.reduce(0) { known.contains($1.key) ? $0 : $0 + $1.value }
  }

  /// The probability that the test refuses another law.
  ///
  /// A mass π on what the law excludes is met with probability 1 − (1 − π)^N, and one hit is a failure; the rest is the
  /// chi-square's power at the other law's effect.
  /// - Throws: ``StatisticsError`` where the power cannot be computed.
  public func power(against other: [Outcome: Double]) throws(StatisticsError) -> Double {
    let missed = Self.missed(mass: impossibleMass(of: other), samples: samples)
    return try 1 - missed * (1 - chiSquarePower(atEffect: effect(of: other)))
  }

  /// The probability that the test refuses a law that differs by an effect w.
  ///
  /// 0 where several outcomes share one cell, which sees nothing. A law of one outcome has one cell too, but any other
  /// outcome is impossible: an effect w is then a mass w of those, missed with probability (1 − w)^N.
  /// - Throws: ``StatisticsError`` where the power cannot be computed.
  public func power(atEffect effect: Double) throws(StatisticsError) -> Double {
    outcomes.count == 1 ? 1 - Self.missed(mass: effect, samples: samples) : try chiSquarePower(atEffect: effect)
  }

  private func chiSquarePower(atEffect effect: Double) throws(StatisticsError) -> Double {
    guard cells.degreesOfFreedom > 0 else { return 0 }
    return try PowerDesign.power(
      effect: effect, samples: samples, degreesOfFreedom: cells.degreesOfFreedom, falseFail: share)
  }

  /// The probability that a mass on what a law excludes is met in no sample.
  static func missed(mass: Double, samples: Int) -> Double {
    mass < 1 ? Logarithm.exponential(Double(samples) * Logarithm.onePlus(-mass)) : samples > 0 ? 0 : 1
  }
}

// MARK: Counts

extension LawTest {
  /// The chi-square of counts by outcome; its `impossible` counts what the law excludes.
  ///
  /// - Throws: ``StatisticsError`` where the counts are negative or not of the planned samples.
  public func result(of counts: [Outcome: Int]) throws(StatisticsError) -> ChiSquareResult {
    let observed = outcomes.map { counts[$0] ?? 0 }
    return try cells.test(counts: observed + [counts.values.reduce(0, +) - observed.reduce(0, +)])
  }

  /// Whether a result refuses the law: an outcome that it excludes, or a p-value below the share.
  public func refuses(_ result: ChiSquareResult) -> Bool { result.impossible > 0 || result.pValue < share }

  /// The p-value of counts by outcome; 0 where an outcome of probability 0 occurred.
  ///
  /// - Throws: ``StatisticsError`` where the counts are negative or not of the planned samples.
  public func pValue(of counts: [Outcome: Int]) throws(StatisticsError) -> Double {
    let result = try result(of: counts)
    return result.impossible > 0 ? 0 : result.pValue
  }
}
