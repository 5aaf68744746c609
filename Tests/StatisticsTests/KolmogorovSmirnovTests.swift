import Testing

@testable import Statistics

/// Against scipy 1.17, stats.kstwo.sf and stats.kstest(method: exact), after Simard and L'Ecuyer.
///
/// The body at n = 500 and 1000, where scipy approximates to 7 figures, is the matrix power in 40 digits (mpmath).
@Suite struct KolmogorovSmirnovTests {
  struct Oracle: Sendable {
    let samples: Int
    let statistic: Double
    let upperTail: Double
    var tolerance = 1e-10
  }

  static let body = [
    Oracle(samples: 1, statistic: 0.3, upperTail: 1),
    Oracle(samples: 1, statistic: 0.55, upperTail: 0.9),
    Oracle(samples: 1, statistic: 0.8, upperTail: 0.4),
    Oracle(samples: 2, statistic: 0.38890872965260115, upperTail: 0.8456349186104045),
    Oracle(samples: 2, statistic: 0.8485281374238569, upperTail: 0.045887450304571954),
    Oracle(samples: 5, statistic: 0.24596747752497689, upperTail: 0.8568630671630602),
    Oracle(samples: 5, statistic: 0.5366563145999494, upperTail: 0.07107678230606948),
    Oracle(samples: 5, statistic: 0.8049844718999243, upperTail: 0.0005641258004066668),
    Oracle(samples: 10, statistic: 0.17392527130926086, upperTail: 0.8739257388294939),
    Oracle(samples: 10, statistic: 0.3794733192202055, upperTail: 0.08380667350243654),
    Oracle(samples: 10, statistic: 0.5692099788303082, upperTail: 0.0013650166722117883),
    Oracle(samples: 100, statistic: 0.03, upperTail: 0.9999692479033473),
    Oracle(samples: 100, statistic: 0.08, upperTail: 0.5182193645480672),
    Oracle(samples: 100, statistic: 0.18, upperTail: 0.002630049845461421),
    Oracle(samples: 500, statistic: 0.05366563145999495, upperTail: 0.10824335431683059),
    Oracle(samples: 1000, statistic: 0.009486832980505138, upperTail: 0.99998564520420729),
    Oracle(samples: 1000, statistic: 0.025298221281347035, upperTail: 0.53569100032818485),
    Oracle(samples: 1000, statistic: 0.05692099788303083, upperTail: 0.0029437650712241698),
  ]

  static let tail = [
    // Where the tail takes over from the body: the matrix power in 30 digits.
    Oracle(samples: 20, statistic: 0.4472135954999579, upperTail: 0.000362739697817367),
    Oracle(samples: 1000, statistic: 0.06324555320336758, upperTail: 0.00063976488031439),
    Oracle(samples: 10, statistic: 0.7905694150420948, upperTail: 3.602427284663163e-07),
    Oracle(samples: 100, statistic: 0.25, upperTail: 5.408871776434847e-06),
    Oracle(samples: 100, statistic: 0.4, upperTail: 5.947617451361663e-15),
    Oracle(samples: 100, statistic: 0.8, upperTail: 2.1482695735465203e-69),
    Oracle(samples: 1000, statistic: 0.12649110640673517, upperTail: 2.0896778698185917e-14),
    Oracle(samples: 5000, statistic: 0.1131370849898476, upperTail: 3.324490254796032e-56),
    Oracle(
      samples: 100_000, statistic: 0.007905694150420948, upperTail: 7.413045381065036e-06, tolerance: 1e-8),
  ]

  @Test(arguments: body + tail) func upperTailIsExact(_ oracle: Oracle) throws {
    let upperTail = try KolmogorovSmirnov.upperTail(oracle.statistic, samples: oracle.samples)
    #expect(isClose(upperTail, oracle.upperTail, within: oracle.tolerance), "\(upperTail)")
  }

  /// The series of the large n, within the bound that its documentation states.
  @Test(arguments: [
    Oracle(samples: 1001, statistic: 0.009482093118615208, upperTail: 0.9999856481060216),
    Oracle(samples: 1001, statistic: 0.017383837384127885, upperTail: 0.9175491227474555),
    Oracle(samples: 1001, statistic: 0.025285581649640558, upperTail: 0.5356951276016596),
    Oracle(samples: 1001, statistic: 0.037928372474460834, upperTail: 0.10941682862220381),
    Oracle(samples: 1001, statistic: 0.05689255871169126, upperTail: 0.0029438305635313415),
    Oracle(samples: 5000, statistic: 0.01131370849898476, upperTail: 0.5403324616290442),
    Oracle(samples: 5000, statistic: 0.01697056274847714, upperTail: 0.11098122447398728),
    Oracle(samples: 100_000, statistic: 0.003794733192202055, upperTail: 0.11196588953063102),
  ]) func seriesIsNear(_ oracle: Oracle) throws {
    let upperTail = try KolmogorovSmirnov.upperTail(oracle.statistic, samples: oracle.samples)
    // Without the correction of Stephens the error is twice as large.
    #expect(abs(upperTail - oracle.upperTail) < 0.14 / Double(oracle.samples).squareRoot())
  }

  @Test func samplesAreTestedOnBothSidesOfEachJump() throws {
    let test = try KolmogorovSmirnov(uniform: [0.42, 0.05, 0.97, 0.61, 0.42, 0.11, 0.9])
    #expect(isClose(test.statistic, 0.18571428571428572, within: 1e-15))
    #expect(isClose(test.pValue, 0.9346485750665114, within: 1e-10))
    #expect(test.samples == 7)

    let lattice = (1...40).map { Double($0 * 7919 % 1009) / 1009 }
    let even = try KolmogorovSmirnov(uniform: lattice)
    #expect(isClose(even.statistic, 0.04440039643211091, within: 1e-13))
    #expect(isClose(even.pValue, 0.9999889714449449, within: 1e-10))
    let skewed = try KolmogorovSmirnov(uniform: lattice.map { $0 * $0 })
    #expect(isClose(skewed.statistic, 0.2528723647725476, within: 1e-13))
    #expect(isClose(skewed.pValue, 0.00966046865391601, within: 1e-10))
  }

  @Test func cornersAreExact() throws {
    #expect(try KolmogorovSmirnov.upperTail(0, samples: 3) == 1)
    #expect(try KolmogorovSmirnov.upperTail(1, samples: 3) == 0)
    #expect(try KolmogorovSmirnov.upperTail(1e-9, samples: 100_000) == 1)
    #expect(try KolmogorovSmirnov(uniform: [0.5]).pValue == 1)
    #expect(try KolmogorovSmirnov(uniform: [0, 0, 0]).pValue == 0)
  }

  @Test func badInputIsRefused() {
    #expect(throws: StatisticsError.argument("a test of uniformity needs at least one number")) {
      try KolmogorovSmirnov(uniform: [])
    }
    for value in [-1e-9, 1.1, .nan] {
      #expect(throws: StatisticsError.argument("a number tested for uniformity is 0 to 1")) {
        try KolmogorovSmirnov(uniform: [0.5, value])
      }
      #expect(throws: StatisticsError.self) { try KolmogorovSmirnov.upperTail(value, samples: 4) }
    }
    #expect(throws: StatisticsError.self) { try KolmogorovSmirnov.upperTail(0.5, samples: 0) }
  }
}
