/// The evidence that outcomes repeat earlier ones more often than independent ones do, wherever the earlier ones stood.
///
/// Given what was seen before, the i-th outcome repeats with probability qᵢ, the law's mass on it: Π tᵈ / (1 + qᵢ(t − 1)),
/// d = 1 for a repeat, has mean 1 for any t. With the mean q of the qᵢ in the place of each, the product is smaller still
/// (ln is concave), and follows from three numbers. It is averaged over t; 1/e is a p-value (Markov).
public enum RepeatProcess {
  /// The t that are averaged: small ones see many repeats among many, large ones a few where none is expected.
  public static let stakes = [1.25, 2, 8, 64, 1024]

  /// ln e of a number of repeats.
  ///
  /// - Parameters:
  ///   - observed: outcomes that occurred before.
  ///   - expected: Σqᵢ, the mass of what had occurred, summed over the outcomes.
  ///   - samples: the outcomes.
  /// - Throws: ``StatisticsError/argument(_:)`` outside 0 to `samples`.
  public static func logEvidence(observed: Int, expected: Double, samples: Int) throws(StatisticsError) -> Double {
    guard samples >= 1, (0...samples).contains(observed), expected >= 0, expected <= Double(samples) * (1 + 1e-9) else {
      throw .argument("\(observed) repeats of \(samples) outcomes, \(expected) expected, are none")
    }
    let mean = min(1, expected / Double(samples))
    let logs = stakes.map { stake in
      Double(observed) * Logarithm.natural(stake) - Double(samples) * Logarithm.onePlus(mean * (stake - 1))
    }
    let largest = logs.reduce(-.infinity, max)
    return largest
      + Logarithm.natural(logs.reduce(0) { $0 + Logarithm.exponential($1 - largest) } / Double(stakes.count))
  }

  /// The p-value of a number of repeats: 1/e, at most 1.
  ///
  /// Parameters and errors are those of ``logEvidence(observed:expected:samples:)``.
  public static func pValue(observed: Int, expected: Double, samples: Int) throws(StatisticsError) -> Double {
    min(1, Logarithm.exponential(-(try logEvidence(observed: observed, expected: expected, samples: samples))))
  }
}
