import RealModule
import SpeculativeDecoding
import Statistics

/// The measurement of all decodings of one case from one seed.
package struct CalibrationMeasurement: Hashable, Sendable {
  /// The chi-square's p-value; 0 where a sequence of probability 0 was emitted.
  package var pValue: Double
  /// ln e; infinite where a sequence of probability 0 was emitted.
  package var logEvidence: Double
  /// Decodings that emitted a sequence of probability 0.
  package var impossible: Int

  /// A measurement.
  package init(pValue: Double, logEvidence: Double, impossible: Int) {
    self.pValue = pValue
    self.logEvidence = logEvidence
    self.impossible = impossible
  }
}

extension CalibrationReport {
  /// The measurements of one case under one family, in the order of the seeds.
  struct Series: Sendable {
    var family: String
    var id: String
    var degreesOfFreedom: Int
    var measurements: [CalibrationMeasurement]
  }

  /// Judges measurements; every series has one for each seed.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` where a statistic cannot be computed.
  init(
    _ series: [Series], seeds: Int, seed: UInt64, design: CalibrationDesign
  ) throws(CertificationError) {
    package = CertificationModule.packageVersion
    self.seed = String(seed)
    self.design = design
    self.seeds = seeds
    entries = series.map(Entry.init)
    checks = []
    detectableDistance = 1
    verdict = .inconclusive
    guard seeds > 0, !series.isEmpty else { return }
    do {
      checks = try Self.checks(of: series, falseFail: design.falseFail)
      let share = design.falseFail / Double(checks.count)
      // By the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart the empirical law is farther than this from the
      // true one with probability falsePass at most.
      let miss = (Double.log(2 / design.falsePass) / 2 / Double(seeds)).squareRoot()
      detectableDistance = min(1, try CalibrationDesign.criticalDistance(count: seeds, share: share) + miss)
    } catch {
      throw .statistics(place: "the calibration", error)
    }
    if checks.contains(where: { $0.verdict == .fail }) {
      verdict = .failed
    } else if seeds == design.seeds, detectableDistance <= Self.largestDetectableDistance {
      verdict = .certified
    }
  }

  private static func checks(
    of series: [Series], falseFail: Double
  ) throws(StatisticsError) -> [CalibrationCheck] {
    var checks: [CalibrationCheck] = []
    for part in series {
      checks.append(try .uniformity(of: part.measurements, part.family, part.id))
      checks.append(try .evidence(of: part.measurements, part.family, part.id))
    }
    var families: [String] = []
    for part in series where !families.contains(part.family) { families.append(part.family) }
    for family in families {
      let all = series.filter { $0.family == family }.flatMap(\.measurements)
      checks.append(try .uniformity(of: all, family, nil))
      for level in CalibrationDesign.tailLevels { checks.append(try .tail(of: all, family, below: level)) }
    }
    let adjusted = try Holm.adjusted(checks.map(\.pValue))
    for index in checks.indices {
      checks[index].adjustedPValue = adjusted[index]
      checks[index].falseFail = falseFail / Double(checks.count)
      checks[index].verdict = adjusted[index] <= falseFail ? .fail : .pass
    }
    return checks
  }
}

extension CalibrationReport.Entry {
  init(_ series: CalibrationReport.Series) {
    family = series.family
    id = series.id
    degreesOfFreedom = series.degreesOfFreedom
    pValues = series.measurements.map(\.pValue)
    impossible = series.measurements.reduce(0) { $0 + $1.impossible }
    let values = series.measurements.map { Double.exp($0.logEvidence) }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard mean.isFinite else { return }
    meanEvidence = mean
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    if variance.isFinite { standardError = (variance / count).squareRoot() }
  }
}

extension CalibrationCheck {
  /// D less the allowance: the empirical law is no farther from the uniform one than from the true, plus the allowance.
  static func uniformity(
    of measurements: [CalibrationMeasurement], _ family: String, _ id: String?
  ) throws(StatisticsError) -> CalibrationCheck {
    let distance = try KolmogorovSmirnov(uniform: measurements.map(\.pValue)).statistic
    let excess = max(0, distance - CalibrationDesign.uniformityAllowance)
    return CalibrationCheck(
      .uniformity, family, id, samples: measurements.count, statistic: distance,
      pValue: try KolmogorovSmirnov.upperTail(excess, samples: measurements.count))
  }

  /// Both tails, each at the end of the allowance that is nearer to the count.
  static func tail(
    of measurements: [CalibrationMeasurement], _ family: String, below level: Double
  ) throws(StatisticsError) -> CalibrationCheck {
    let (trials, allowance) = (measurements.count, CalibrationDesign.tailAllowance)
    let count = measurements.reduce(0) { $0 + ($1.pValue < level ? 1 : 0) }
    let upper = try Binomial.upperTail(count, trials: trials, probability: level * allowance)
    let lower = try Binomial.lowerTail(count, trials: trials, probability: level / allowance)
    var check = CalibrationCheck(
      .tail, family, nil, samples: trials, statistic: Double(count), pValue: min(1, 2 * min(upper, lower)))
    check.level = level
    return check
  }

  /// The gain of betting against a mean of 1 at most.
  static func evidence(
    of measurements: [CalibrationMeasurement], _ family: String, _ id: String?
  ) throws(StatisticsError) -> CalibrationCheck {
    let logs = measurements.map(\.logEvidence)
    let evidence = try BettingTest.logEvidence(logValues: logs)
    return CalibrationCheck(
      .evidence, family, id, samples: logs.count, statistic: evidence.isFinite ? evidence : nil,
      pValue: try BettingTest.pValue(logValues: logs))
  }

  /// A check that is not yet judged among the others.
  private init(
    _ kind: Kind, _ family: String, _ id: String?, samples: Int, statistic: Double?, pValue: Double
  ) {
    self.kind = kind
    self.family = family
    self.id = id
    self.samples = samples
    self.statistic = statistic
    self.pValue = pValue
    adjustedPValue = 1
    falseFail = 0
    verdict = .inconclusive
  }
}
