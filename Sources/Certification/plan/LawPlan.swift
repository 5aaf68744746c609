import Probability
import RealModule
import Statistics

/// A chi-square of counts against an exact law over named outcomes, planned before any data.
///
/// ``CasePlan`` plans the joint law of tokens; this plans any law that an enumeration gives: accepted lengths, trees.
public struct LawPlan: Sendable {
  /// The outcomes of positive probability, the most probable first.
  public let outcomes: [String]
  /// The cells over them; the last, of probability 0, holds everything else.
  public let cells: CellPlan
  /// The nominal significance.
  public let share: Double

  /// A plan of `samples` outcomes.
  ///
  /// - Throws: ``StatisticsError`` where the law or the number of samples makes no plan.
  public init(_ law: [String: Rational], samples: Int, share: Double) throws(StatisticsError) {
    let positive = law.filter { $0.value > .zero }
    // By probability and then by name: nothing may depend on the hashing of a run.
    outcomes = positive.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    cells = try CellPlan(
      probabilities: outcomes.map { (positive[$0] ?? .zero).approximation } + [0], samples: samples,
      minimumExpected: CasePlan.minimumExpected)
    self.share = share
  }

  /// Cohen's w of another law over the cells.
  public func effect(of other: [String: Rational]) -> Double {
    func term(_ indices: [Int]) -> Double {
      let expected = indices.reduce(0) { $0 + cells.probabilities[$1] }
      let realised = indices.reduce(Rational.zero) { sum, index in
        index < outcomes.count ? sum + other[outcomes[index], default: .zero] : sum
      }
      let difference = realised.approximation - expected
      return difference * difference / expected
    }
    let sum = cells.separate.reduce(0) { $0 + term([$1]) }
    return (sum + (cells.pooled.isEmpty ? 0 : term(cells.pooled))).squareRoot()
  }

  /// The mass of another law on outcomes of probability 0.
  public func impossibleMass(of other: [String: Rational]) -> Double {
    let known = Set(outcomes)
    return other.reduce(Rational.zero) { known.contains($1.key) ? $0 : $0 + $1.value }.approximation
  }

  /// The probability that the plan refuses another law.
  ///
  /// - Throws: ``StatisticsError`` where the power cannot be computed.
  public func power(against other: [String: Rational]) throws(StatisticsError) -> Double {
    let impossible = impossibleMass(of: other)
    let missed = impossible >= 1 ? 0 : Double.exp(Double(cells.samples) * Double.log(onePlus: -impossible))
    guard cells.degreesOfFreedom > 0 else { return 1 - missed }
    let power = try PowerDesign.power(
      effect: effect(of: other), samples: cells.samples, degreesOfFreedom: cells.degreesOfFreedom, falseFail: share)
    return 1 - missed * (1 - power)
  }

  /// The probability that the plan refuses a law that differs by an effect w over the cells; 0 where there is one cell.
  ///
  /// - Throws: ``StatisticsError`` where the power cannot be computed.
  public func power(atEffect effect: Double) throws(StatisticsError) -> Double {
    guard cells.degreesOfFreedom > 0 else { return 0 }
    return try PowerDesign.power(
      effect: effect, samples: cells.samples, degreesOfFreedom: cells.degreesOfFreedom, falseFail: share)
  }

  /// The p-value of counts by outcome; 0 where an outcome of probability 0 occurred.
  ///
  /// - Throws: ``StatisticsError`` where the counts are not of the plan's samples.
  public func pValue(of counts: [String: Int]) throws(StatisticsError) -> Double {
    let observed = outcomes.map { counts[$0] ?? 0 }
    let impossible = cells.samples - observed.reduce(0, +)
    return impossible == 0 ? try cells.test(counts: observed + [0]).pValue : 0
  }

  /// The outcomes' probabilities.
  public var approximateLaw: [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(outcomes, cells.probabilities))
  }

  /// Whether cells and expected counts are within the limits of a planned case.
  public var isConclusive: Bool {
    cells.pooledMass <= CasePlan.maximumPooledMass && cells.smallestExpected >= CasePlan.minimumExpected
  }

  /// The fewest samples at which a law is tested as it should be and another is refused but for `falsePass`.
  ///
  /// - Returns: `nil` where the laws are equal over the cells.
  /// - Throws: ``StatisticsError`` where the law makes no plan.
  public static func samplesNeeded(
    _ law: [String: Rational], against other: [String: Rational], share: Double, falsePass: Double
  ) throws(StatisticsError) -> Int? {
    let probabilities = law.values.filter { $0 > .zero }.map(\.approximation).sorted()
    let smallest = try CellPlan.minimumSamples(
      probabilities: probabilities, pooledMassAtMost: CasePlan.maximumPooledMass,
      expectedAtLeast: CasePlan.minimumExpected)
    var samples = smallest
    // More samples keep more cells apart, which changes effect and degrees of freedom: a few rounds settle it.
    for _ in 0..<6 {
      let plan = try LawPlan(law, samples: samples, share: share)
      if try plan.power(against: other) >= 1 - falsePass { return samples }
      var needed = Double.infinity
      let effect = plan.effect(of: other)
      if effect > 1e-12, plan.cells.degreesOfFreedom > 0 {
        needed =
          try PowerDesign.noncentrality(
            degreesOfFreedom: plan.cells.degreesOfFreedom, falseFail: share, falsePass: falsePass) / (effect * effect)
      }
      let impossible = plan.impossibleMass(of: other)
      if impossible > 0 { needed = min(needed, Double.log(falsePass) / Double.log(onePlus: -impossible)) }
      guard needed < 1e12 else { return nil }
      samples = max(smallest, Int((needed * 1.001).rounded(.up)), samples + 1)
    }
    return samples
  }
}
