extension LawTest {
  /// The fewest samples for which cells and expected counts meet their limits, and an effect is refused but for `falsePass`.
  ///
  /// - Parameter probabilities: the law's, in the order of its outcomes.
  /// - Throws: ``StatisticsError`` where they make no law, or the effect needs more than 10¹⁵ samples.
  public static func samplesNeeded(
    _ probabilities: [Double], effect: Double, share: Double, falsePass: Double
  ) throws(StatisticsError) -> Int {
    var samples = try CellPlan.minimumSamples(
      probabilities: probabilities, pooledMassAtMost: CellPlan.maximumPooledMass,
      expectedAtLeast: CellPlan.minimumExpected)
    // More samples keep more cells apart, which asks for more samples: a few rounds settle it.
    for _ in 0..<8 {
      let cells = try CellPlan(probabilities: probabilities, samples: samples)
      guard cells.degreesOfFreedom > 0 else {
        // A law of one outcome: a mass `effect` of others must be met.
        let needed = (Logarithm.natural(falsePass) / Logarithm.onePlus(-min(effect, 1))).rounded(.up)
        guard effect > 0, needed < 1e15 else {
          throw .argument("an effect of \(effect) needs more than 1e15 samples")
        }
        return max(samples, Int(max(needed, 0)))
      }
      let needed = try PowerDesign.samples(
        effect: effect, degreesOfFreedom: cells.degreesOfFreedom, falseFail: share, falsePass: falsePass)
      if needed <= samples { break }
      samples = needed
    }
    return samples
  }

  /// The fewest samples at which a law is tested as it should be and another is refused but for `falsePass`.
  ///
  /// - Parameters:
  ///   - outcomes: the law's, in the order of its cells.
  ///   - probabilities: theirs, of shape [outcomes].
  /// - Returns: `nil` where the laws are equal over the cells.
  /// - Throws: ``StatisticsError`` where the law makes no cells.
  public static func samplesNeeded(
    _ outcomes: [Outcome], _ probabilities: [Double], against other: [Outcome: Double], share: Double,
    falsePass: Double
  ) throws(StatisticsError) -> Int? {
    let smallest = try CellPlan.minimumSamples(
      probabilities: probabilities.filter { $0 > 0 }.sorted(), pooledMassAtMost: CellPlan.maximumPooledMass,
      expectedAtLeast: CellPlan.minimumExpected)
    var samples = smallest
    // More samples keep more cells apart, which changes effect and degrees of freedom: a few rounds settle it.
    for _ in 0..<6 {
      let test = try LawTest(outcomes: outcomes, probabilities: probabilities, samples: samples, share: share)
      if try test.power(against: other) >= 1 - falsePass { return samples }
      var needed = Double.infinity
      let effect = test.effect(of: other)
      if effect > 1e-12, test.cells.degreesOfFreedom > 0 {
        needed =
          try PowerDesign.noncentrality(
            degreesOfFreedom: test.cells.degreesOfFreedom, falseFail: share, falsePass: falsePass) / (effect * effect)
      }
      let impossible = test.impossibleMass(of: other)
      if impossible > 0 { needed = min(needed, Logarithm.natural(falsePass) / Logarithm.onePlus(-impossible)) }
      guard needed < 1e12 else { return nil }
      samples = max(smallest, Int((needed * 1.001).rounded(.up)), samples + 1)
    }
    return samples
  }
}
