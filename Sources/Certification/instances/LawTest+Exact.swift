import Probability
import Statistics

extension LawTest {
  /// A test of `samples` outcomes against an exact law.
  ///
  /// Cells are made by probability and then by name: nothing may depend on the hashing of a run.
  /// - Throws: ``StatisticsError`` where the law or the number of samples makes no cells.
  package init(_ law: [Outcome: Rational], samples: Int, share: Double) throws(StatisticsError) {
    let outcomes = Self.ordered(law)
    try self.init(
      outcomes: outcomes, probabilities: outcomes.map { law[$0, default: .zero].approximation }, samples: samples,
      share: share)
  }

  /// The probability that the test refuses another exact law.
  ///
  /// - Throws: ``StatisticsError`` where the power cannot be computed.
  package func power(against other: [Outcome: Rational]) throws(StatisticsError) -> Double {
    try power(against: other.mapValues(\.approximation))
  }

  /// Cohen's w of another exact law over the cells.
  package func effect(of other: [Outcome: Rational]) -> Double { effect(of: other.mapValues(\.approximation)) }

  /// The fewest samples at which an exact law is tested as it should be and another is refused but for `falsePass`.
  ///
  /// - Returns: `nil` where the laws are equal over the cells.
  /// - Throws: ``StatisticsError`` where the law makes no cells.
  package static func samplesNeeded(
    _ law: [Outcome: Rational], against other: [Outcome: Rational], share: Double, falsePass: Double
  ) throws(StatisticsError) -> Int? {
    let outcomes = ordered(law)
    return try samplesNeeded(
      outcomes, outcomes.map { law[$0, default: .zero].approximation },
      against: other.mapValues(\.approximation), share: share, falsePass: falsePass)
  }

  private static func ordered(_ law: [Outcome: Rational]) -> [Outcome] {
    law.filter { $0.value > .zero }.map { (name: "\($0.key)", $0.key, $0.value) }
      .sorted { ($1.2, $0.name) < ($0.2, $1.name) }.map(\.1)
  }
}
