/// Pearson's test that two samples of one size come from one law, and its design.
///
/// Given the pooled counts t, each count of the first sample has mean t/2: X² = Σ(a − b)²/(a + b), and the test is
/// conditional on t. Cells are pooled by t alone, so that pooling sees no difference of the samples, until each has an
/// expected count of at least ``smallestExpected`` and of a ``mostCells``th of a sample.
///
/// So small an expected count is enough here. (a − b)² given t is that of a sum of t signs (of fewer, where the sizes are
/// fixed), whose exponential moments are below those of the normal law: the tail of X² is lighter than that of χ² where it
/// matters, while a single skewed cell against a known law needs 1000 (``CellPlan``). The exact rates are in
/// `docs/servers.md`.
public enum TwoSampleChiSquare {
  /// The least expected count of a cell in each sample.
  public static let smallestExpected = 10.0
  /// The most cells: it bounds the degrees of freedom before any data, and with them the number of samples.
  public static let mostCells = 64

  /// Tests the counts of two samples.
  ///
  /// Where all outcomes share one cell there are 0 degrees of freedom, and the p-value is 1.
  /// - Parameters:
  ///   - first: how often each outcome occurred in the first sample.
  ///   - second: in the second, of the same sum.
  /// - Throws: ``StatisticsError/sizes(expected:given:)`` for other outcomes, and ``StatisticsError/argument(_:)`` for
  ///   no outcome, a negative count or samples of different sizes.
  /// - Complexity: O(k²) for k outcomes.
  public static func test(first: [Int], second: [Int]) throws(StatisticsError) -> IndependenceResult {
    let table = try ContingencyTable([first, second])
    guard table.rowTotals[0] == table.rowTotals[1] else {
      throw .argument("two samples are of one size, not \(table.rowTotals[0]) and \(table.rowTotals[1])")
    }
    return try table.test(minimumExpected: minimumExpected(samples: table.rowTotals[0]))
  }

  /// The least expected count at this size of each sample.
  public static func minimumExpected(samples: Int) -> Double {
    max(smallestExpected, Double(samples) / Double(mostCells))
  }

  /// Cohen's w that a total variation stands for at least: samples of n each have the non-centrality n w².
  ///
  /// λ = n Σ(p − q)²/(p + q), and by Cauchy and Schwarz (Σ|p − q|)² ≤ Σ(p − q)²/(p + q) · Σ(p + q), that is
  /// 4δ² ≤ 2 λ/n. Equality holds where |p − q|/(p + q) is the same in every cell.
  public static func effect(totalVariation: Double) -> Double { (2 * totalVariation * totalVariation).squareRoot() }

  /// The size of each sample at which laws that are `totalVariation` apart over the cells are missed with probability
  /// `falsePass` at most.
  ///
  /// - Parameters:
  ///   - totalVariation: above 0, at most 1.
  ///   - outcomes: how many there can be, at least 2; more than ``mostCells`` count as that.
  ///   - falseFail: the significance, between 0 and 1.
  ///   - falsePass: between 0 and 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  public static func samples(
    totalVariation: Double, outcomes: Int, falseFail: Double, falsePass: Double
  ) throws(StatisticsError) -> Int {
    guard totalVariation > 0, totalVariation <= 1 else {
      throw .argument("a total variation to be found is above 0 and at most 1, not \(totalVariation)")
    }
    guard outcomes >= 2 else { throw .argument("a law to be compared has at least 2 outcomes, not \(outcomes)") }
    let found = try PowerDesign.samples(
      effect: effect(totalVariation: totalVariation), degreesOfFreedom: min(outcomes, mostCells) - 1,
      falseFail: falseFail, falsePass: falsePass)
    // So many that a cell for each outcome can be told from none.
    return max(found, Int(2 * smallestExpected))
  }

  /// The probability that laws which are `totalVariation` apart over the cells are told from one another.
  ///
  /// Errors are those of ``PowerDesign/power(effect:samples:degreesOfFreedom:falseFail:)``; without degrees of freedom
  /// the power is 0.
  public static func power(
    totalVariation: Double, samples: Int, degreesOfFreedom: Int, falseFail: Double
  ) throws(StatisticsError) -> Double {
    guard degreesOfFreedom > 0 else { return 0 }
    return try PowerDesign.power(
      effect: effect(totalVariation: totalVariation), samples: samples, degreesOfFreedom: degreesOfFreedom,
      falseFail: falseFail)
  }
}
