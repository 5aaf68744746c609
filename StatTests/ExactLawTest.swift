import Probability
import Statistics

/// A chi-square of counts against an exact law over any outcomes, with its design stated before the data.
struct ExactLawTest<Outcome: Hashable & Sendable> {
  let outcomes: [Outcome]
  let cells: CellPlan
  /// The nominal significance: half of it is kept back, because a chi-square's true rate at such levels is up to 1.6
  /// times its nominal one.
  let share: Double

  /// A test of `samples` outcomes at a false-fail rate, for any seed.
  init(_ law: [Outcome: Rational], samples: Int, falseFail: Double) throws {
    // Most probable first and by description within: the cells must not depend on the hashing of a run.
    outcomes = law.keys.sorted { (law[$1]!, "\($0)") < (law[$0]!, "\($1)") }
    cells = try CellPlan(probabilities: outcomes.map { law[$0]!.approximation } + [0], samples: samples)
    share = falseFail / 2
  }

  /// The p-value of these counts; 0 if an outcome occurred that the law excludes.
  func pValue(_ counts: [Outcome: Int]) throws -> Double {
    let observed = outcomes.map { counts[$0] ?? 0 }
    let impossible = counts.values.reduce(0, +) - observed.reduce(0, +)
    if impossible > 0 { return 0 }
    return try cells.test(counts: observed + [0]).pValue
  }

  /// The probability that the test refuses another law of the same outcomes.
  func power(against other: [Outcome: Rational]) throws -> Double {
    try PowerDesign.power(
      effect: effect(of: other), samples: cells.samples, degreesOfFreedom: cells.degreesOfFreedom, falseFail: share)
  }

  /// Cohen's w of another law over the cells of this test.
  func effect(of other: [Outcome: Rational]) -> Double {
    func mass(_ indices: [Int]) -> (Double, Double) {
      (
        indices.reduce(0) { $0 + cells.probabilities[$1] },
        indices.reduce(0) { $0 + (other[outcomes[$1]]?.approximation ?? 0) }
      )
    }
    return (cells.separate.map { [$0] } + (cells.pooled.isEmpty ? [] : [cells.pooled]))
      .map(mass).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) / $1.0 }.squareRoot()
  }
}
