/// The cells of a chi-square test, made from expected counts before any data.
///
/// The least probable cells share one rare cell until every cell, the rare one included, has the minimum expected
/// count. Cells of probability 0 stand apart: one hit is an outright failure, and they count in no statistic.
/// A small significance needs large expected counts: at 5 a nominal 1e-9 is really 1e-6.
public struct CellPlan: Hashable, Sendable {
  /// The probability of each outcome, as given.
  public let probabilities: [Double]
  /// Samples to be taken.
  public let samples: Int
  /// Outcomes that share the rare cell, least probable first.
  public let pooled: [Int]
  /// Outcomes with a cell of their own, most probable first.
  public let separate: [Int]
  /// The probability of the rare cell; 0 where there is none.
  public let pooledMass: Double

  /// The smallest expected count of a cell, at which a chi-square keeps its significance at levels of 1e-8.
  public static let minimumExpected = 1000.0
  /// The most mass that may go into the rare cell.
  public static let maximumPooledMass = 0.05

  /// A plan for these outcomes.
  ///
  /// - Parameter minimumExpected: the smallest expected count of a cell; all outcomes share one cell where the
  ///   samples do not reach.
  /// - Throws: ``StatisticsError/argument(_:)`` for a probability that is NaN or negative, a sum that is not 1, or
  ///   a negative number of samples or expected count.
  public init(
    probabilities: [Double], samples: Int, minimumExpected: Double = CellPlan.minimumExpected
  ) throws(StatisticsError) {
    try Self.validate(probabilities)
    guard samples >= 0 else { throw .argument("a number of samples is at least 0, not \(samples)") }
    guard minimumExpected >= 0 else {
      throw .argument("an expected count is at least 0, not \(minimumExpected)")
    }
    self.probabilities = probabilities
    self.samples = samples
    let order = Self.ascending(probabilities)
    var pooledMass = 0.0
    var count = 0
    while count < order.count {
      let isRare = probabilities[order[count]] * Double(samples) < minimumExpected
      let isShort = count > 0 && pooledMass * Double(samples) < minimumExpected
      guard isRare || isShort else { break }
      pooledMass += probabilities[order[count]]
      count += 1
    }
    pooled = Array(order.prefix(count))
    separate = order.dropFirst(count).reversed()
    self.pooledMass = pooledMass
  }

  /// Cells less one.
  public var degreesOfFreedom: Int { max(0, separate.count + (pooled.isEmpty ? 0 : 1) - 1) }

  /// The smallest expected count of a cell.
  public var smallestExpected: Double {
    let cells = separate.map { probabilities[$0] } + (pooled.isEmpty ? [] : [pooledMass])
    return (cells.min() ?? 0) * Double(samples)
  }

  /// The fewest samples for which every cell has the expected count and the rare cell has little mass.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` as for a plan, or for limits that are not positive.
  /// - Complexity: O(n log n) for n outcomes.
  public static func minimumSamples(
    probabilities: [Double], pooledMassAtMost: Double, expectedAtLeast: Double
  ) throws(StatisticsError) -> Int {
    try validate(probabilities)
    guard pooledMassAtMost >= 0, expectedAtLeast > 0 else {
      throw .argument("limits on cells must be positive")
    }
    let ascending = ascending(probabilities).map { probabilities[$0] }
    // With the k rarest pooled, every cell reaches its count at (expected / smallest cell) samples.
    var best = Double.infinity
    var mass = 0.0
    for count in 0..<ascending.count {
      if count > 0 { mass += ascending[count - 1] }
      if mass > pooledMassAtMost { break }
      let smallest = count == 0 ? ascending[0] : min(mass, ascending[count])
      best = min(best, expectedAtLeast / smallest)
    }
    guard best < 1e15 else { throw .argument("the rarest cell would need more than 1e15 samples") }
    var samples = Int(best.rounded(.up))
    // A plan pools no more cells than it must, so that this one meets the limits but for the rounding above.
    while true {
      let plan = try CellPlan(
        probabilities: probabilities, samples: samples, minimumExpected: expectedAtLeast)
      if plan.pooledMass <= pooledMassAtMost, plan.smallestExpected >= expectedAtLeast { return samples }
      samples += 1
    }
  }

  /// Refuses what is no law: see ``init(probabilities:samples:minimumExpected:)``.
  static func validate(_ probabilities: [Double]) throws(StatisticsError) {
    guard !probabilities.isEmpty else { throw .argument("a test needs at least one outcome") }
    var sum = 0.0
    for probability in probabilities {
      guard probability >= 0, probability.isFinite else {
        throw .argument("a probability is finite and at least 0, not \(probability)")
      }
      sum += probability
    }
    guard abs(sum - 1) < 1e-6 else { throw .argument("the probabilities sum to \(sum), not to 1") }
  }

  /// The outcomes of positive probability, least probable first, ties by index.
  private static func ascending(_ probabilities: [Double]) -> [Int] {
    probabilities.indices.filter { probabilities[$0] > 0 }
      .sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
  }
}
