import Testing

@testable import Statistics

@Suite struct RatioEstimateTests {
  @Test func aMeanIsARatioOverOnes() throws {
    // R's t.test(c(1, 2, 4, 7)): mean 3.5, interval 3.5 ± 4.209.
    let estimate = try #require(RatioEstimate([1, 2, 4, 7], over: [1, 1, 1, 1]))
    #expect(estimate.value == 3.5)
    #expect(isClose(try #require(estimate.standardError), (7.0 / 4).squareRoot(), within: 1e-14))
    #expect(isClose(try #require(try estimate.halfWidth()), 4.2100, within: 1e-4))
    #expect(try #require(try estimate.halfWidth(confidence: 0.5)) < #require(try estimate.halfWidth()))
  }

  @Test func equalRatiosHaveNoError() throws {
    let estimate = try #require(RatioEstimate([2, 4, 10], over: [1, 2, 5]))
    #expect(estimate.value == 2)
    #expect(estimate.standardError == 0)
  }

  @Test func nothingIsNoEstimate() throws {
    #expect(RatioEstimate([], over: []) == nil)
    #expect(RatioEstimate([1], over: [0]) == nil)
    #expect(RatioEstimate([1, 2], over: [1]) == nil)
    let one = try #require(RatioEstimate([3], over: [2]))
    #expect(one.value == 1.5)
    #expect(try one.halfWidth() == nil)
  }

  /// What the units have in common does not count in a comparison over the same units.
  @Test func comparisonsArePaired() throws {
    let first = try #require(RatioEstimate([11, 52, 29, 43], over: [10, 50, 30, 40]))
    #expect(first.minus(first).value == 0 && first.minus(first).standardError == 0)
    #expect(first.over(first).value == 1 && first.over(first).standardError == 0)
    let twice = try #require(RatioEstimate([22, 104, 58, 86], over: [10, 50, 30, 40]))
    #expect(twice.over(first).value == 2)
    #expect(try #require(twice.over(first).standardError) < 1e-15)
  }

  /// The interval covers as often as it says: ratios of 16 units with a common part, 4,000 times.
  @Test func intervalsCover() throws {
    var generator = Uniforms(state: 3)
    var (covered, coveredDifference) = (0, 0)
    let runs = 4000
    for _ in 0..<runs {
      var (x, y, z): ([Double], [Double], [Double]) = ([], [], [])
      for _ in 0..<16 {
        let size = 20 + 10 * generator.next()
        let common = generator.next() - 0.5
        x.append(size)
        y.append(size * 3 + 10 * (common + generator.next() - 0.5))
        z.append(size * 2.5 + 10 * (common + generator.next() - 0.5))
      }
      let (first, second) = (try #require(RatioEstimate(y, over: x)), try #require(RatioEstimate(z, over: x)))
      let difference = first.minus(second)
      if abs(first.value - 3) <= (try #require(try first.halfWidth())) { covered += 1 }
      if abs(difference.value - 0.5) <= (try #require(try difference.halfWidth())) { coveredDifference += 1 }
    }
    // 95 % ± five standard errors of 0.34 %, and half a per cent for the linearisation.
    for count in [covered, coveredDifference] { #expect(abs(Double(count) / Double(runs) - 0.95) < 0.022) }
  }

  /// A fixed sequence; nothing here needs a good one.
  private struct Uniforms {
    var state: UInt64

    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
  }
}
