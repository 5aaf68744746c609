/// The checks that every test makes of the counts that it is given.
enum Counts {
  /// The sum of the counts.
  ///
  /// - Throws: ``StatisticsError/sizes(expected:given:)`` for other outcomes than `outcomes`, and
  ///   ``StatisticsError/argument(_:)`` for a negative count or a sum beyond an integer.
  static func total(_ counts: [Int], outcomes: Int) throws(StatisticsError) -> Int {
    guard counts.count == outcomes else { throw .sizes(expected: outcomes, given: counts.count) }
    var total = 0
    for count in counts {
      guard count >= 0 else { throw .argument("a count is at least 0") }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow else { throw .argument("the counts sum to more than an integer holds") }
      total = sum
    }
    return total
  }
}
