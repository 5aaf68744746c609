import Probability
import Statistics

/// How a calibration runs, and how often it fails a correct decoder: stated before any data.
///
/// Each case is decoded from each of many seeds under each family of generators; each decoding of all `samples` gives
/// one p-value and one e-value. The p-values are to be uniform, and the e-values to have mean 1 at most.
package struct CalibrationDesign: Hashable, Sendable, Codable {
  /// Seeds: p-values for each case and family.
  package var seeds: Int
  /// Decodings for each p-value.
  package var samples: Int
  /// The probability that a correct decoder fails any check of the run; an upper bound, shared by Holm's method.
  package var falseFail: Double
  /// The probability that p-values which are ``CalibrationReport/detectableDistance`` from uniform pass.
  package var falsePass: Double

  /// A design; by default the one that `rsd calibrate` runs.
  package init(seeds: Int = 200, samples: Int = 20_000, falseFail: Double = 1e-6, falsePass: Double = 1e-6) {
    self.seeds = max(1, seeds)
    self.samples = max(1, samples)
    self.falseFail = falseFail
    self.falsePass = falsePass
  }

  /// How far from the uniform law the p-values of a correct decoder may be: sup|P(p ≤ t) − t|.
  ///
  /// Counts are integers, so that a p-value has a discrete law. With expected counts of 1000 and more the distance is
  /// 0.018 at most with two cells, 0.005 with three, and less with more (docs/calibration.md): every distance is tested
  /// less this.
  package static let uniformityAllowance = 0.02
  /// By how much P(p < 0.01)/0.01 and P(p < 0.001)/0.001 may differ from 1, either way: 1.07 was the most found.
  package static let tailAllowance = 1.1
  /// The levels below which p-values are counted.
  package static let tailLevels = [0.01, 0.001]

  /// The seeds of a run, all different: the words of SplitMix64 from `seed` on.
  package func seedList(from seed: UInt64) -> [UInt64] {
    var generator = SplitMix64(seed: seed)
    return (0..<seeds).map { _ in generator.next() }
  }

  /// The smallest distance of `count` p-values' empirical law from the uniform one that a check at `share` refuses.
  ///
  /// - Throws: ``StatisticsError/argument(_:)`` for no p-values.
  static func criticalDistance(count: Int, share: Double) throws(StatisticsError) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if try KolmogorovSmirnov.upperTail(middle, samples: count) > share { low = middle } else { high = middle }
    }
    return high + uniformityAllowance
  }
}

/// A generator family and the decoder under test over it.
package struct CalibrationFamily: Sendable {
  /// The family's name in reports.
  package var name: String
  /// The decoder.
  package var subject: any Subject

  /// A family.
  package init(name: String, subject: any Subject) {
    self.name = name
    self.subject = subject
  }

  /// The production decoder over both families.
  package static var production: [CalibrationFamily] {
    [
      CalibrationFamily(name: "philox4x64", subject: DecoderSubject.production),
      CalibrationFamily(name: "xoshiro256++", subject: DecoderSubject.xoshiro),
    ]
  }
}

/// The cases that `rsd calibrate` runs.
package enum CalibrationSuite {
  /// A case for each rule, small enough that 20,000 decodings fill six cells or more with 1000 each.
  package static let identifiers = [
    "autoregressive/contextual/top-p", "sd/2/binary/plain", "specinfer/3-1/binary/top-k", "spectr/3x2/zeros/cool",
    "rsd-c/2-1-1/binary/plain", "rsd-s/2x3/zeros/min-p",
  ]

  /// Those cases of the default suite.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the suite were invalid.
  package static func cases() throws(CertificationError) -> [Instance] {
    try DefaultSuite.suite().cases.filter { identifiers.contains($0.id) }
  }
}
