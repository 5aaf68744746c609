import Testing

@testable import Statistics

@Suite struct PowerDesignTests {
  /// (α, β) of each column of the table.
  static let rates: [(falseFail: Double, falsePass: Double)] = [
    (1e-3, 1e-2), (1e-6, 1e-3), (1e-6, 1e-6), (1e-9, 1e-3), (1e-9, 1e-6), (1e-12, 1e-6),
  ]

  /// N·w² by degrees of freedom.
  static let table: [(degreesOfFreedom: Int, noncentralities: [Double])] = [
    (1, [31.5493, 63.7103, 93.0272, 84.6334, 118.0012, 141.2278]),
    (3, [37.9314, 71.9518, 103.2106, 93.3663, 128.5059, 151.9623]),
    (7, [45.3821, 82.1117, 115.7679, 104.4990, 141.9083, 165.9840]),
    (15, [55.1614, 95.8520, 132.7282, 119.8798, 160.4115, 185.6590]),
    (63, [86.9982, 141.5881, 188.9661, 172.0849, 223.0230, 253.3307]),
    (255, [149.1400, 231.6558, 299.0930, 276.0316, 347.0664, 388.7722]),
    (1023, [272.2903, 410.2616, 516.4975, 482.8291, 592.7854, 657.9704]),
  ]

  @Test(arguments: table.indices, rates.indices) func noncentralityMatchesTheTable(row: Int, column: Int) throws {
    let (degreesOfFreedom, noncentralities) = Self.table[row]
    let (falseFail, falsePass) = Self.rates[column]
    let needed = try PowerDesign.noncentrality(
      degreesOfFreedom: degreesOfFreedom, falseFail: falseFail, falsePass: falsePass)
    // As printed: four decimals, six figures or more.
    #expect(abs(needed - noncentralities[column]) <= 0.5001e-4, "\(needed)")
  }

  /// scipy.stats.ncx2.sf, R's pchisq and sums in mpmath.
  @Test(arguments: [
    (20.0, 5, 10.0, 0.218929611714964), (50, 7, 40, 0.383356633132988),
    (100, 31, 120, 0.991551112064427), (400, 255, 200, 0.939983069950248),
  ])
  func noncentralTailMatchesTheOracle(
    x: Double, degreesOfFreedom: Int, noncentrality: Double, upperTail: Double
  ) throws {
    let upper = try NoncentralChiSquare.upperTail(
      x, degreesOfFreedom: degreesOfFreedom, noncentrality: noncentrality)
    #expect(isClose(upper, upperTail, within: 1e-13), "\(upper)")
    let lower = try NoncentralChiSquare.lowerTail(
      x, degreesOfFreedom: degreesOfFreedom, noncentrality: noncentrality)
    #expect(abs(upper + lower - 1) < 1e-14)
  }

  /// At λ = 2000 the weight e^{−λ/2} is below the smallest number; a small tail keeps its figures (mpmath).
  @Test func extremeTailsKeepTheirFigures() throws {
    let upper = try NoncentralChiSquare.upperTail(2010, degreesOfFreedom: 10, noncentrality: 2000)
    #expect(isClose(upper, 0.49554868030890837, within: 1e-11), "\(upper)")
    let lower = try NoncentralChiSquare.lowerTail(500, degreesOfFreedom: 10, noncentrality: 2000)
    #expect(isClose(lower, 2.0653479695103815e-112, within: 1e-9), "\(lower)")
    let far = try NoncentralChiSquare.upperTail(300, degreesOfFreedom: 3, noncentrality: 10)
    #expect(isClose(far, 4.5678886032061079e-45, within: 1e-10), "\(far)")
  }

  /// Cohen, Statistical Power Analysis (1988), chapter 7.
  @Test(arguments: [
    (0.289, 3, 100, 0.05, 0.675077657004), (0.346, 2, 140, 0.01, 0.885405287241),
  ])
  func powerMatchesCohen(
    effect: Double, degreesOfFreedom: Int, samples: Int, falseFail: Double, power: Double
  ) throws {
    let value = try PowerDesign.power(
      effect: effect, samples: samples, degreesOfFreedom: degreesOfFreedom, falseFail: falseFail)
    #expect(isClose(value, power, within: 1e-11), "\(value)")
  }

  @Test(arguments: [0.03, 0.0922, 0.5], [1, 15, 255]) func designsAreInverses(
    effect: Double, degreesOfFreedom: Int
  ) throws {
    let samples = try PowerDesign.samples(
      effect: effect, degreesOfFreedom: degreesOfFreedom, falseFail: 1e-9, falsePass: 1e-6)
    func miss(_ samples: Int) throws -> Double {
      1
        - (try PowerDesign.power(
          effect: effect, samples: samples, degreesOfFreedom: degreesOfFreedom, falseFail: 1e-9))
    }
    #expect(try miss(samples) <= 1e-6 * (1 + 1e-8))
    #expect(try miss(samples - 1) > 1e-6)
    let smallest = try PowerDesign.smallestDetectableEffect(
      samples: samples, degreesOfFreedom: degreesOfFreedom, falseFail: 1e-9, falsePass: 1e-6)
    #expect(smallest <= effect && isClose(smallest, effect, within: 1 / Double(samples)))
  }

  /// Without an effect the power is the false-fail rate.
  @Test func noEffectFailsAtTheNominalRate() throws {
    let power = try PowerDesign.power(effect: 0, samples: 1000, degreesOfFreedom: 7, falseFail: 1e-6)
    #expect(isClose(power, 1e-6, within: 1e-9))
  }

  @Test func badInputIsRefused() {
    for rate in [0, 1, .nan] {
      #expect(throws: StatisticsError.argument("a false-pass rate is between 0 and 1, not \(rate)")) {
        try PowerDesign.noncentrality(degreesOfFreedom: 3, falseFail: 0.1, falsePass: rate)
      }
      #expect(throws: StatisticsError.argument("a significance is between 0 and 1, not \(rate)")) {
        try PowerDesign.noncentrality(degreesOfFreedom: 3, falseFail: rate, falsePass: 0.1)
      }
    }
    for effect in [0, -1, .nan, .infinity] {
      #expect(throws: StatisticsError.argument("an effect to be found is above 0, not \(effect)")) {
        try PowerDesign.samples(effect: effect, degreesOfFreedom: 3, falseFail: 0.1, falsePass: 0.1)
      }
    }
    #expect(throws: StatisticsError.argument("an effect of 1e-08 needs more than 1e15 samples")) {
      try PowerDesign.samples(effect: 1e-8, degreesOfFreedom: 3, falseFail: 0.1, falsePass: 0.1)
    }
    #expect(throws: StatisticsError.argument("an effect and a number of samples are at least 0")) {
      try PowerDesign.power(effect: -1, samples: 1, degreesOfFreedom: 3, falseFail: 0.1)
    }
    #expect(throws: StatisticsError.argument("an effect needs at least 1 sample to be found")) {
      try PowerDesign.smallestDetectableEffect(
        samples: 0, degreesOfFreedom: 3, falseFail: 0.1, falsePass: 0.1)
    }
    #expect(throws: StatisticsError.argument("a non-centrality is 0 to 1000000000000000.0, not -1.0")) {
      try NoncentralChiSquare.upperTail(1, degreesOfFreedom: 3, noncentrality: -1)
    }
  }
}
