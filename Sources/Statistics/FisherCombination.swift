/// Fisher's combination of independent p-values: −2 Σ ln pᵢ is χ² of 2m degrees of freedom where all m are uniform.
///
/// Source: Fisher, Statistical Methods for Research Workers, 4th edition (1932), section 21.1. P-values of discrete
/// tests are not quite uniform: the combination then errs to the safe side.
public struct FisherCombination: Hashable, Sendable, Codable {
  /// −2 Σ ln pᵢ; infinite where a p-value is 0.
  public let statistic: Double
  /// Twice the number of p-values.
  public let degreesOfFreedom: Int
  /// P(χ² > statistic).
  public let pValue: Double

  /// The combination of these p-values.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for no p-values, or one outside [0, 1].
  public init(_ pValues: [Double]) throws(StatisticsError) {
    guard !pValues.isEmpty else { throw .argument("a combination needs at least one p-value") }
    var sum = 0.0
    for pValue in pValues {
      guard pValue >= 0, pValue <= 1 else { throw .argument("a p-value is 0 to 1, not \(pValue)") }
      sum -= 2 * Logarithm.natural(pValue)
    }
    // The logarithm of 1 subtracts as −0, which no test should print.
    statistic = max(0, sum)
    degreesOfFreedom = 2 * pValues.count
    pValue = try ChiSquare.upperTail(statistic, degreesOfFreedom: degreesOfFreedom)
  }
}
