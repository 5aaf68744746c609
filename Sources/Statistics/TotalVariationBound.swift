extension EProcess {
  /// A bound on the total variation between the true law of the samples and this one.
  ///
  /// Errors and source are those of ``DirichletMultinomial/totalVariationBound(counts:falseFail:)``.
  public func totalVariationBound(counts: [Int], falseFail: Double) throws(StatisticsError) -> Double {
    let logEvidence = try logEvidence(counts: counts)
    return try Self.bound(logEvidence: logEvidence, counts: counts, law: law, falseFail: falseFail)
  }

  /// TV(p̂, θ) + √((ln(1/α) − ln e + n·KL(p̂ ‖ θ))/2n), at most 1.
  ///
  /// ln e − n·KL(p̂ ‖ θ) is the L of the source: θ itself cancels.
  fileprivate static func bound(
    logEvidence: Double, counts: [Int], law: [Double], falseFail: Double
  ) throws(StatisticsError) -> Double {
    let logReciprocal = try logThreshold(falseFail: falseFail, cases: 1)
    let total = Double(try Counts.total(counts, outcomes: law.count))
    // Nothing seen bounds nothing; what the law excludes has no e to be bounded with.
    guard total > 0, logEvidence < .infinity else { return 1 }
    var distance = 0.0
    var divergence = 0.0
    for (count, probability) in zip(counts, law) {
      let frequency = Double(count) / total
      distance += abs(frequency - probability) / 2
      if count > 0 { divergence += Double(count) * Logarithm.natural(frequency / probability) }
    }
    let radicand = max(0, logReciprocal - logEvidence + divergence)
    return min(1, distance + (radicand / (2 * total)).squareRoot())
  }
}

extension DirichletMultinomial {
  /// A bound on the total variation between the true law of the samples and this one.
  ///
  /// With p̂ = x/n and L = ln[B(a + x)/B(a)] − Σ xᵢ ln p̂ᵢ: TV(true, θ) ≤ TV(p̂, θ) + √((ln(1/α) − L)/2n), at all n at
  /// once with probability ≥ 1 − α, whatever the true law. It is what a pass states.
  ///
  /// Source: the confidence sequence of Lindon and Malek (arXiv 2011.03567), {p : e(p) < 1/α}, which is
  /// KL(p̂ ‖ p) < (ln(1/α) − L)/n, and Pinsker's inequality.
  /// - Parameters:
  ///   - counts: of each outcome; 1 is the answer for no samples, and for a hit where the law is 0.
  ///   - falseFail: α, above 0 and below 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside that range, and what ``logEvidence(counts:)`` throws.
  public func totalVariationBound(counts: [Int], falseFail: Double) throws(StatisticsError) -> Double {
    let logEvidence = try logEvidence(counts: counts)
    return try EProcess.bound(logEvidence: logEvidence, counts: counts, law: law, falseFail: falseFail)
  }
}
