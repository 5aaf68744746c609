/// The test that numbers of at least 0 have mean 1 at most, by betting against it: valid at every number of them.
///
/// Whoever stakes a fixed share λ of what they have on each number x multiplies it by 1 + λ(x − 1). Where the numbers are
/// independent with mean ≤ 1 no stake grows in the mean: the average over stakes is an e-process, so that it reaches 1/α
/// at any time with probability α at most, however heavy the tails of the numbers. Applied to the e-values of a correct
/// decoder over many seeds, it tests the e-process itself.
///
/// Source: Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting, JRSS B 86 (2024), section 4;
/// Ville's inequality.
public enum BettingTest {
  /// The λ that are averaged: large ones see a few large numbers, small ones many that are a little too large.
  public static let stakes = [1.0 / 64, 1.0 / 16, 1.0 / 4, 1.0 / 2, 1]

  /// ln of what an even split over the stakes has become.
  ///
  /// - Parameter logValues: the logarithms of the numbers: −∞ for 0; one ∞ makes the evidence infinite.
  /// - Throws: ``StatisticsError/argument(_:)`` for NaN.
  /// - Complexity: O(n).
  public static func logEvidence(logValues: [Double]) throws(StatisticsError) -> Double {
    guard logValues.allSatisfy({ !$0.isNaN }) else { throw .argument("a logarithm is a number") }
    // An infinite number is infinite evidence, whatever a stake of 1 lost to a number of 0.
    if logValues.contains(.infinity) { return .infinity }
    let logs = stakes.map { stake in logValues.reduce(0) { $0 + logFactor($1, stake: stake) } }
    let largest = logs.reduce(-.infinity, max)
    let sum = logs.reduce(0) { $0 + Logarithm.exponential($1 - largest) }
    return largest + Logarithm.natural(sum / Double(stakes.count))
  }

  /// The p-value of the numbers: 1/e, at most 1.
  ///
  /// Parameters, errors and complexity are those of ``logEvidence(logValues:)``.
  public static func pValue(logValues: [Double]) throws(StatisticsError) -> Double {
    min(1, Logarithm.exponential(-(try logEvidence(logValues: logValues))))
  }

  /// ln(1 − λ + λx), the larger term taken out so that no x overflows.
  private static func logFactor(_ logValue: Double, stake: Double) -> Double {
    logValue > 0
      ? logValue + Logarithm.natural(stake + (1 - stake) * Logarithm.exponential(-logValue))
      : Logarithm.natural(1 - stake + stake * Logarithm.exponential(logValue))
  }
}
