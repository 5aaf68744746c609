/// The test of Kolmogorov and Smirnov that numbers are drawn from the uniform law of [0, 1].
///
/// Applied to the p-values of a correct decoder over many seeds, it tests the suite itself. GSL has no law of
/// Kolmogorov and Smirnov: ``upperTail(_:samples:)`` is this module's own, by published methods. The p-values of a
/// discrete test are not uniform; use this only where they are nearly so (many cells, large counts).
public struct KolmogorovSmirnov: Hashable, Sendable, Codable {
  /// D: the largest distance of the empirical from the uniform distribution function, 0 to 1.
  public let statistic: Double
  /// How many numbers were given.
  public let samples: Int
  /// P(D ≥ statistic) where the numbers are independent and uniform.
  public let pValue: Double

  /// The test of these numbers.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for no numbers, or one outside [0, 1].
  /// - Complexity: O(n log n) for n numbers, and the tail's.
  public init(uniform values: [Double]) throws(StatisticsError) {
    guard !values.isEmpty else { throw .argument("a test of uniformity needs at least one number") }
    guard values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw .argument("a number tested for uniformity is 0 to 1")
    }
    let sorted = values.sorted()
    let count = Double(sorted.count)
    var largest = 0.0
    for (rank, value) in sorted.enumerated() {
      // The empirical function jumps at the value: its distance is taken on both sides of the jump.
      largest = max(largest, (Double(rank) + 1) / count - value, value - Double(rank) / count)
    }
    statistic = largest
    samples = sorted.count
    pValue = try Self.upperTail(largest, samples: sorted.count)
  }
}
