import Foundation
import Statistics
import Testing

@Suite struct BettingTestTests {
  /// Numbers that are 0 or 2 with probability 1/2 each have mean 1: the mean of e over all 2ⁿ outcomes is 1, and no
  /// more than a share α of them has a p-value of α or less.
  @Test(arguments: [1, 2, 5, 12])
  func evidenceHasMeanOneAndPValuesAreValid(count: Int) throws {
    var (sum, pValues) = (0.0, [Double]())
    for outcome in 0..<(1 << count) {
      let logs = (0..<count).map { outcome >> $0 & 1 == 1 ? log(2) : -Double.infinity }
      sum += exp(try BettingTest.logEvidence(logValues: logs))
      pValues.append(try BettingTest.pValue(logValues: logs))
    }
    let all = Double(1 << count)
    #expect(abs(sum / all - 1) < 1e-12)
    for level in [0.5, 0.1, 0.01, 0.001] {
      #expect(Double(pValues.filter { $0 <= level }.count) / all <= level)
    }
  }

  /// By hand, 1 + λ(x − 1) for x = 3 is 1.03125, 1.125, 1.5, 2 and 3, of mean 1.73125; two such numbers give squares.
  @Test func evidenceIsTheAverageOfTheStakes() throws {
    let once = exp(try BettingTest.logEvidence(logValues: [log(3)]))
    #expect(abs(once - 1.73125) < 1e-12)
    let twice = exp(try BettingTest.logEvidence(logValues: [log(3), log(3)]))
    let squares = (1.03125 * 1.03125 + 1.125 * 1.125 + 2.25 + 4 + 9) / 5
    #expect(abs(twice - squares) < 1e-12)
    #expect(try BettingTest.logEvidence(logValues: []) == 0)
  }

  @Test func constantOneIsNoEvidence() throws {
    #expect(abs(try BettingTest.logEvidence(logValues: Array(repeating: 0, count: 1000))) < 1e-12)
    #expect(abs(try BettingTest.pValue(logValues: [0]) - 1) < 1e-15)
  }

  /// A mean of 1.5 is refused at 1e-6 after 60 numbers: (1 + 0.5)⁶⁰/5 = 7e9 at the stake 1.
  @Test func largerMeansAreRefused() throws {
    #expect(try BettingTest.pValue(logValues: Array(repeating: log(1.5), count: 60)) < 1e-9)
    #expect(try BettingTest.pValue(logValues: Array(repeating: log(0.9), count: 60)) == 1)
  }

  @Test func extremesNeitherOverflowNorHide() throws {
    let large = try BettingTest.logEvidence(logValues: [5000, 5000])
    #expect(abs(large - (10_000 - log(5))) < 1)
    // A stake of 1 is lost to a number of 0; the others are not.
    let mixed = try BettingTest.logEvidence(logValues: [-.infinity, 5000])
    #expect(mixed > 4990 && mixed.isFinite)
    #expect(try BettingTest.logEvidence(logValues: [-.infinity, .infinity]) == .infinity)
    #expect(try BettingTest.pValue(logValues: [.infinity]) == 0)
    #expect(throws: StatisticsError.self) { try BettingTest.logEvidence(logValues: [.nan]) }
  }
}
