/// The result of a calibration: whether a correct decoder's p-values and e-values are what they claim to be.
package struct CalibrationReport: Hashable, Sendable, Codable {
  /// One case under one family.
  package struct Entry: Hashable, Sendable, Codable {
    /// The family of generators.
    package var family: String
    /// The case.
    package var id: String
    /// Cells less one of its chi-square.
    package var degreesOfFreedom: Int
    /// The p-value of each seed; 0 where a sequence of probability 0 was emitted.
    package var pValues: [Double]
    /// The mean of the e-values; absent where a double does not hold it.
    package var meanEvidence: Double?
    /// The standard error of that mean, from the e-values' own spread; absent as the mean, or for one seed.
    ///
    /// For the reader only: the e-values' tails are too heavy for it to decide anything.
    package var standardError: Double?
    /// Decodings that emitted a sequence of probability 0.
    package var impossible: Int
  }

  /// The version of the package that ran it.
  package var package: String
  /// The seed that the run's seeds follow from, a UInt64 as decimal text.
  package var seed: String
  /// The design.
  package var design: CalibrationDesign
  /// Seeds that every case and family was decoded from; fewer than designed where the run was interrupted.
  package var seeds: Int
  /// The smallest distance from uniform that one case's check finds, but for the design's false-pass rate.
  package var detectableDistance: Double
  /// The cases, family by family.
  package var entries: [Entry]
  /// The checks.
  package var checks: [CalibrationCheck]
  /// Failed where a check failed; inconclusive where the run was interrupted, or too small to find a distance of 0.5.
  package var verdict: RunVerdict

  /// The largest ``detectableDistance`` of a run that means anything.
  package static let largestDetectableDistance = 0.5
}

/// One check of a calibration.
package struct CalibrationCheck: Hashable, Sendable, Codable {
  /// The property that is checked.
  package enum Kind: String, Hashable, Sendable, Codable {
    /// P-values are uniform: the test of Kolmogorov and Smirnov, less the allowance for discreteness.
    case uniformity
    /// As many p-values are below a level as the level says: the binomial test, but for the allowance.
    case tail
    /// E-values have mean 1 at most: the betting test.
    case evidence
  }

  /// The property that is checked.
  package var kind: Kind
  /// The family of generators.
  package var family: String
  /// The case; absent for all cases together.
  package var id: String?
  /// The level of a tail.
  package var level: Double?
  /// N: how many p-values or e-values were checked.
  package var samples: Int
  /// The distance D; the number of p-values below the level; or ln e of the betting test, absent where infinite.
  package var statistic: Double?
  /// The probability of such a statistic or a more extreme one from a correct decoder; an upper bound.
  package var pValue: Double
  /// That probability adjusted for all checks of the run by Holm's method: at the false-fail rate or below, it fails.
  package var adjustedPValue: Double
  /// The false-fail rate of this check alone: the run's over the number of checks.
  package var falseFail: Double
  /// Pass or fail.
  package var verdict: CaseVerdict
}
