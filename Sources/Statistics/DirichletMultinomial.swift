/// The Dirichlet–multinomial e-process of one prior: evidence against a law that may be looked at at any time.
///
/// Counts x over the k outcomes of probability θᵢ > 0, n = Σx, prior a, A = Σa:
/// ln e = lnΓ(A) − lnΓ(A + n) + Σ [lnΓ(aᵢ + xᵢ) − lnΓ(aᵢ)] − Σ xᵢ ln θᵢ.
/// Where the law is right, e has mean 1 at every n and exceeds 1/α at any time with probability ≤ α: at every stopping
/// time, with no minimum expected count. It depends on the counts alone, so that shards merge by adding integers.
///
/// Source: Lindon and Malek, Anytime-valid inference for multinomial count data, arXiv 2011.03567, section 3.
public struct DirichletMultinomial: Hashable, Sendable {
  /// θ, the probability of each outcome, scaled to sum to 1.
  public let law: [Double]
  /// a, the prior count of each outcome; 0 where the probability is 0.
  public let prior: [Double]
  /// A, the sum of the prior.
  public let priorTotal: Double
  /// ln aᵢ − ln θᵢ − ln A: nothing where the prior is proportional to the law.
  private let tilts: [Double]

  /// The e-process of any prior.
  ///
  /// - Parameters:
  ///   - law: finite, at least 0, of sum 1.
  ///   - prior: as many; above 0 where the law is, and 0 where the law is 0.
  /// - Throws: ``StatisticsError/sizes(expected:given:)`` for lists of different lengths, and
  ///   ``StatisticsError/argument(_:)`` outside those ranges.
  public init(law: [Double], prior: [Double]) throws(StatisticsError) {
    try CellPlan.validate(law)
    guard prior.count == law.count else { throw .sizes(expected: law.count, given: prior.count) }
    for (probability, count) in zip(law, prior) {
      guard probability > 0 ? count > 0 && count.isFinite : count == 0 else {
        throw .argument("a prior is finite, above 0 where the law is, and 0 where the law is 0")
      }
    }
    let sum = law.reduce(0, +)
    let total = prior.reduce(0, +)
    guard total.isFinite else { throw .argument("the prior sums to more than a number holds") }
    self.law = law.map { $0 / sum }
    self.prior = prior
    priorTotal = total
    tilts = zip(self.law, prior).map { probability, count in
      probability > 0
        ? Logarithm.natural(count) - Logarithm.natural(probability) - Logarithm.natural(total) : 0
    }
  }

  /// The e-process of the prior a = c·θ.
  ///
  /// - Parameters:
  ///   - law: finite, at least 0, of sum 1.
  ///   - concentration: c, finite and above 0: how many samples the law itself is worth.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  public init(law: [Double], concentration: Double) throws(StatisticsError) {
    try CellPlan.validate(law)
    guard concentration > 0, concentration.isFinite else {
      throw .argument("a concentration is finite and above 0, not \(concentration)")
    }
    let sum = law.reduce(0, +)
    self.law = law.map { $0 / sum }
    prior = self.law.map { concentration * $0 }
    guard zip(self.law, prior).allSatisfy({ $0 == 0 || $1 > 0 }) else {
      throw .argument("a concentration of \(concentration) leaves no prior for the rarest outcome")
    }
    priorTotal = concentration
    tilts = Array(repeating: 0, count: law.count)
  }

  /// ln e of these counts; infinite for a hit where the law is 0.
  ///
  /// - Throws: ``StatisticsError/sizes(expected:given:)`` for other outcomes than the law's, and
  ///   ``StatisticsError/argument(_:)`` for a negative count or a sum beyond an integer.
  /// - Complexity: O(k). The rounding is about 1e-16·n ln n: 1e-6 at n = 10⁸.
  public func logEvidence(counts: [Int]) throws(StatisticsError) -> Double {
    let total = try Counts.total(counts, outcomes: law.count)
    // Written with ln[Γ(a + x)/Γ(a)/aˣ] in place of ln[Γ(a + x)/Γ(a)], the large x ln a and x ln θ cancel on paper.
    var sum = -(try Self.logGrowth(priorTotal, total))
    for (index, count) in counts.enumerated() where count > 0 {
      guard law[index] > 0 else { return .infinity }
      sum += try Self.logGrowth(prior[index], count)
      sum += Double(count) * tilts[index]
    }
    return sum
  }

  /// ln[Γ(a + x)/Γ(a)/aˣ] = Σ ln(1 + j/a) over j < x.
  private static func logGrowth(_ prior: Double, _ count: Int) throws(StatisticsError) -> Double {
    if count > largestSummed {
      let rising = try GSL.logGamma(prior + Double(count)) - (try GSL.logGamma(prior))
      return rising - Double(count) * Logarithm.natural(prior)
    }
    var sum = 0.0
    for step in 0..<count {
      // For a tiny prior the quotient leaves the range, for a large one the difference loses its figures.
      sum +=
        prior < 1
        ? Logarithm.natural(prior + Double(step)) - Logarithm.natural(prior)
        : Logarithm.onePlus(Double(step) / prior)
    }
    return sum
  }

  /// Small counts on a large prior differ by less than lnΓ rounds: up to here the logarithms are added one by one.
  private static let largestSummed = 64
}
