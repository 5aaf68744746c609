/// The distance of observed from expected counts, of the family of Cressie and Read (JRSS B 46, 1984).
///
/// Either statistic is nearly χ² where every expected count is large. Pearson's is the better of the two with many cells.
public enum PowerDivergence: Hashable, Sendable, CaseIterable {
  /// X² = Σ (O − E)²/E, the member λ = 1.
  case pearson
  /// G = 2 Σ O ln(O/E), the member λ = 0.
  case likelihoodRatio

  /// The statistic of these counts.
  ///
  /// A cell with nothing expected adds nothing where it is empty, and infinity where it is not.
  /// - Parameters:
  ///   - observed: at least 0 and finite.
  ///   - expected: at least 0 and finite, as many; for the χ² law, of the same sum.
  /// - Throws: ``StatisticsError/sizes(expected:given:)`` for lists of different lengths, and
  ///   ``StatisticsError/argument(_:)`` for a count outside its range.
  public func statistic(observed: [Double], expected: [Double]) throws(StatisticsError) -> Double {
    guard observed.count == expected.count else {
      throw .sizes(expected: expected.count, given: observed.count)
    }
    guard (observed + expected).allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw .argument("a count is finite and at least 0")
    }
    var sum = 0.0
    for (count, mean) in zip(observed, expected) where count > 0 || mean > 0 {
      switch self {
      case .pearson: sum += (count - mean) * (count - mean) / mean
      case .likelihoodRatio: sum += count > 0 ? 2 * count * Logarithm.natural(count / mean) : 0
      }
    }
    return sum
  }
}
