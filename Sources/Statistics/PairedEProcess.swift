/// The e-process against one law of two samples, by betting on the order within each pair: exact at any number of pairs.
///
/// Whoever is shown the unordered pair {x, y} of a draw of each sample bets on which sample x came from. If the laws are
/// one, both orders are equally likely, given all that went before: a stake is multiplied by 2a/(a + b) in the order that
/// occurred and would have been by 2b/(a + b) in the other, whose mean is 1 for any positive a and b. Nothing is asked of
/// the law, the number of outcomes or the number of pairs. The bet is the likelihood of the two orders by the past counts,
/// a = p₁(x) p₂(y) and b = p₁(y) p₂(x), of which only the ratios p₁/p₂ = (count₁ + κ)/(count₂ + κ) are needed. The
/// evidence is the average over κ ∈ ``smoothings``: a small κ sees a large difference early, a large one is not misled by
/// noise. By Ville's inequality it reaches 1/α at any time with probability α at most.
///
/// Source: the predictable plug-in of Waudby-Smith and Ramdas (JRSS B 86, 2024) on the sign of a pair; two-sample
/// e-processes by betting: Shekhar and Ramdas, Nonparametric two-sample testing by betting (IEEE Trans. IT 70, 2024).
public struct PairedEProcess: Sendable {
  /// The κ that are averaged.
  public static let smoothings = [0.5, 4, 32, 256]
  /// Outcomes are numbered below this.
  public static let mostOutcomes = 1 << 24

  /// Pairs so far.
  public private(set) var pairs = 0
  private var counts: [(first: Double, second: Double)] = []
  private var logStakes = [Double](repeating: 0, count: smoothings.count)

  /// The evidence of no pair: 1.
  public init() {}

  /// Takes the next pair: an outcome of the first sample and one of the second.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for an outcome outside 0 to ``mostOutcomes`` − 1.
  /// - Complexity: O(1), amortised.
  public mutating func add(first: Int, second: Int) throws(StatisticsError) {
    for outcome in [first, second] {
      guard (0..<Self.mostOutcomes).contains(outcome) else {
        throw .argument("an outcome is numbered 0 to \(Self.mostOutcomes - 1), not \(outcome)")
      }
      while counts.count <= outcome { counts.append((0, 0)) }
    }
    if first != second {
      for (index, smoothing) in Self.smoothings.enumerated() {
        let ratio = { (outcome: (first: Double, second: Double)) in
          (outcome.first + smoothing) / (outcome.second + smoothing)
        }
        // 2a/(a + b), with b/a the other order's odds.
        logStakes[index] += Logarithm.natural(2 / (1 + ratio(counts[second]) / ratio(counts[first])))
      }
    }
    counts[first].first += 1
    counts[second].second += 1
    pairs += 1
  }

  /// ln of the average stake.
  public var logEvidence: Double {
    let largest = logStakes.reduce(-.infinity, max)
    let sum = logStakes.reduce(0) { $0 + Logarithm.exponential($1 - largest) }
    return largest + Logarithm.natural(sum / Double(logStakes.count))
  }
}
