/// What a calibration found: whether a correct decoder's p-values and e-values are what they claim to be.
public struct CalibrationReport: Hashable, Sendable, Codable {
  /// One case under one family.
  public struct Entry: Hashable, Sendable, Codable {
    /// The family of generators.
    public var family: String
    /// The case.
    public var id: String
    /// Cells less one of its chi-square.
    public var degreesOfFreedom: Int
    /// The p-value of each seed; 0 where a sequence of probability 0 was emitted.
    public var pValues: [Double]
    /// The mean of the e-values; absent where a double does not hold it.
    public var meanEvidence: Double?
    /// The standard error of that mean, from the e-values' own spread; absent as the mean, or for one seed.
    ///
    /// For the reader only: the e-values' tails are too heavy for it to decide anything.
    public var standardError: Double?
    /// Decodings that emitted a sequence of probability 0.
    public var impossible: Int
  }

  /// The version of the package that ran it.
  public var package: String
  /// The seed that the run's seeds follow from, a UInt64 as decimal text.
  public var seed: String
  /// The design.
  public var design: CalibrationDesign
  /// Seeds that every case and family was decoded from; fewer than designed where the run was interrupted.
  public var seeds: Int
  /// The smallest distance from uniform that one case's check finds, but for the design's false-pass rate.
  public var detectableDistance: Double
  /// The cases, family by family.
  public var entries: [Entry]
  /// The checks.
  public var checks: [CalibrationCheck]
  /// Failed where a check failed; inconclusive where the run was interrupted, or too small to find a distance of 0.5.
  public var verdict: RunVerdict

  /// The largest ``detectableDistance`` of a run that means anything.
  public static let largestDetectableDistance = 0.5
}

/// One check of a calibration.
public struct CalibrationCheck: Hashable, Sendable, Codable {
  /// What is checked.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// P-values are uniform: the test of Kolmogorov and Smirnov, less the allowance for discreteness.
    case uniformity
    /// As many p-values are below a level as the level says: the binomial test, but for the allowance.
    case tail
    /// E-values have mean 1 at most: the betting test.
    case evidence
  }

  /// What is checked.
  public var kind: Kind
  /// The family of generators.
  public var family: String
  /// The case; absent for all cases together.
  public var id: String?
  /// The level of a tail.
  public var level: Double?
  /// N: how many p-values or e-values were checked.
  public var samples: Int
  /// The distance D; the number of p-values below the level; or ln e of the betting test, absent where infinite.
  public var statistic: Double?
  /// The probability of such a statistic or a more extreme one from a correct decoder; an upper bound.
  public var pValue: Double
  /// That probability adjusted for all checks of the run by Holm's method: at the false-fail rate or below, it fails.
  public var adjustedPValue: Double
  /// The false-fail rate of this check alone: the run's over the number of checks.
  public var falseFail: Double
  /// Pass or fail.
  public var verdict: CaseVerdict
}
