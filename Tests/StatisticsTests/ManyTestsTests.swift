import Testing

@testable import Statistics

/// What is done with many p-values: Holm's adjustment.
@Suite struct ManyTestsTests {
  /// By the definition, worked by hand: 5 × .005, 4 × .01, 3 × .03, then 2 × .04 raised to .09, and .2.
  @Test func holmMatchesItsDefinition() throws {
    let adjusted = try Holm.adjusted([0.01, 0.04, 0.03, 0.005, 0.2])
    for (value, expected) in zip(adjusted, [0.04, 0.09, 0.09, 0.025, 0.2]) {
      #expect(isClose(value, expected, within: 1e-15))
    }
  }

  @Test func holmKeepsOrderAndTies() throws {
    let pValues = [0.3, 0.001, 0.02, 0.02, 1, 0, 0.02, 0.9, 0.9, 0.011]
    let adjusted = try Holm.adjusted(pValues)
    for (left, right) in pValues.indices.flatMap({ left in pValues.indices.map { (left, $0) } }) {
      if pValues[left] == pValues[right] { #expect(adjusted[left] == adjusted[right]) }
      if pValues[left] < pValues[right] { #expect(adjusted[left] <= adjusted[right]) }
    }
    #expect(zip(pValues, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
    // Bonferroni's factor at the smallest, one at the largest, and three ties at the first one's factor.
    #expect(adjusted[5] == 0 && adjusted[1] == 9 * 0.001 && adjusted[4] == 1)
    #expect(isClose(adjusted[2], 0.14, within: 1e-15))
  }

  @Test func holmAcceptsNoneAndOne() throws {
    #expect(try Holm.adjusted([]) == [])
    #expect(try Holm.adjusted([0.7]) == [0.7])
    #expect(throws: StatisticsError.argument("a p-value is 0 to 1, not nan")) { try Holm.adjusted([0.1, .nan]) }
    #expect(throws: StatisticsError.argument("a p-value is 0 to 1, not 1.5")) { try Holm.adjusted([1.5]) }
  }
}
