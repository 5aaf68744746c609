/// The result of a chi-square test of planned cells.
public struct ChiSquareResult: Hashable, Sendable, Codable {
  /// Pearson's X².
  public var statistic: Double
  /// Cells less one.
  public var degreesOfFreedom: Int
  /// P(χ² > statistic); 1 at 0 degrees of freedom.
  public var pValue: Double
  /// The likelihood ratio G, a diagnostic: with many cells its tail is worse than Pearson's.
  public var likelihoodRatio: Double
  /// Samples in cells of probability 0: any is an outright failure, whatever the p-value.
  public var impossible: Int
}

extension CellPlan {
  /// Tests counts against the plan.
  ///
  /// At 0 degrees of freedom (a law with one outcome) there is nothing to compare: the statistic is 0, the p-value 1,
  /// and only `impossible` speaks.
  /// - Throws: ``StatisticsError/sizes(expected:given:)`` for other outcomes than planned, and
  ///   ``StatisticsError/argument(_:)`` for a negative count or another number of samples than planned.
  public func test(counts: [Int]) throws(StatisticsError) -> ChiSquareResult {
    let total = try Counts.total(counts, outcomes: probabilities.count)
    guard total == samples else { throw .argument("\(total) samples were counted, \(samples) planned") }
    let impossible = probabilities.indices.reduce(0) { $0 + (probabilities[$1] == 0 ? counts[$1] : 0) }

    var observed = separate.map { Double(counts[$0]) }
    var expected = separate.map { probabilities[$0] * Double(samples) }
    if !pooled.isEmpty {
      observed.append(Double(pooled.reduce(0) { $0 + counts[$1] }))
      expected.append(pooledMass * Double(samples))
    }
    let statistic = try PowerDivergence.pearson.statistic(observed: observed, expected: expected)
    let likelihoodRatio = try PowerDivergence.likelihoodRatio.statistic(
      observed: observed, expected: expected)
    let pValue =
      degreesOfFreedom == 0 ? 1 : try ChiSquare.upperTail(statistic, degreesOfFreedom: degreesOfFreedom)
    return ChiSquareResult(
      statistic: degreesOfFreedom == 0 ? 0 : statistic, degreesOfFreedom: degreesOfFreedom, pValue: pValue,
      likelihoodRatio: likelihoodRatio, impossible: impossible)
  }
}
