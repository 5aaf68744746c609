/// The e-process of the suite: the average of four Dirichlet–multinomial ones, for defects of any size.
///
/// The priors are a = c·θ, c ∈ {k/2, 10², 10⁴, 10⁶} for k outcomes of probability θᵢ > 0: a small c sees a large defect
/// after few samples, a large c a small one. An average of e-values is an e-value. Look only at sizes fixed
/// beforehand, so that threads and shards cannot change a verdict.
///
/// Source: as ``DirichletMultinomial``.
public struct EProcess: Hashable, Sendable {
  /// The e-processes that are averaged, in the order of ``concentrations``.
  public let components: [DirichletMultinomial]

  /// The e-process against this law.
  ///
  /// - Parameter law: finite, at least 0, of sum 1.
  /// - Throws: ``StatisticsError/argument(_:)`` for what is no law.
  public init(law: [Double]) throws(StatisticsError) {
    try CellPlan.validate(law)
    let outcomes = law.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    var components: [DirichletMultinomial] = []
    for concentration in [Double(outcomes) / 2, 1e2, 1e4, 1e6] {
      components.append(try DirichletMultinomial(law: law, concentration: concentration))
    }
    self.components = components
  }

  /// The probability of each outcome, scaled to sum to 1.
  public var law: [Double] { components[0].law }

  /// The four c, to be recorded with a verdict.
  public var concentrations: [Double] { components.map(\.priorTotal) }

  /// ln of the average e of these counts; infinite for a hit where the law is 0.
  ///
  /// Errors and complexity are those of ``DirichletMultinomial/logEvidence(counts:)``.
  public func logEvidence(counts: [Int]) throws(StatisticsError) -> Double {
    var logs: [Double] = []
    for component in components { logs.append(try component.logEvidence(counts: counts)) }
    let largest = logs.reduce(-.infinity, max)
    guard largest.isFinite else { return largest }
    // The largest is taken out, so that no exponential overflows.
    let sum = logs.reduce(0) { $0 + Logarithm.exponential($1 - largest) }
    return largest + Logarithm.natural(sum / Double(logs.count))
  }

  /// ln(m/α): where ln e reaches it, the law is refused.
  ///
  /// Over all m cases, and all times, a right law is refused with probability ≤ α.
  /// - Parameters:
  ///   - falseFail: α, above 0 and below 1.
  ///   - cases: m, at least 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  public static func logThreshold(falseFail: Double, cases: Int) throws(StatisticsError) -> Double {
    guard falseFail > 0, falseFail < 1 else {
      throw .argument("a false-fail rate is between 0 and 1, not \(falseFail)")
    }
    guard cases >= 1 else { throw .argument("a suite has at least 1 case, not \(cases)") }
    return Logarithm.natural(Double(cases)) - Logarithm.natural(falseFail)
  }
}
