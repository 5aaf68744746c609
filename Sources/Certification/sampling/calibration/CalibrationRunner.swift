import SpeculativeDecoding
import Statistics
import ToyModels

/// Decodes cases from many seeds under each family of generators, and judges the p-values and e-values.
package struct CalibrationRunner: Sendable {
  /// The seed, the threads, and who is told.
  package struct Options: Sendable {
    /// The seed that the run's seeds follow from.
    package var seed: UInt64
    /// Decodings run at once; at least 1.
    package var threads: Int
    /// Asked between shards; once true, the run ends with the seeds that are done.
    package var isInterrupted: @Sendable () -> Bool
    /// Told how many of all p-values are computed; from any thread.
    package var progress: @Sendable (_ finished: Int, _ all: Int) -> Void

    /// Options that neither interrupt nor report.
    package init(
      seed: UInt64, threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
      progress: @escaping @Sendable (_ finished: Int, _ all: Int) -> Void = { _, _ in }
    ) {
      self.seed = seed
      self.threads = max(1, threads)
      self.isInterrupted = isInterrupted
      self.progress = progress
    }
  }

  /// The decoders under test, one a family.
  package let families: [CalibrationFamily]
  /// How it runs.
  package let design: CalibrationDesign

  /// A runner of a design.
  package init(families: [CalibrationFamily] = CalibrationFamily.production, design: CalibrationDesign) {
    self.families = families
    self.design = design
  }

  /// Runs the cases; the report depends on the cases, the design and the seed only.
  ///
  /// Interrupted, it judges the seeds that every case and family was decoded from, and is *inconclusive* at best.
  /// - Throws: ``CertificationError`` where a case cannot be decoded, or its law has a single cell at the design's
  ///   samples.
  package func run(
    _ cases: [Instance], _ options: Options
  ) async throws(CertificationError) -> CalibrationReport {
    let setups = try setups(cases)
    let seeds = design.seedList(from: options.seed)
    let perSeed = setups.count * families.count
    let queue = ShardQueue(shards: seeds.count * perSeed)
    let parts = try await Workers.parts(min(options.threads, seeds.count * perSeed)) { () throws(CertificationError) in
      try self.work(through: queue, setups, seeds, options)
    }
    let measured = parts.reduce(into: [Int: CalibrationMeasurement]()) { $0.merge($1) { first, _ in first } }
    // A seed counts once all cases and families were decoded from it: none is left out for what it gave.
    let missing = (0..<(seeds.count * perSeed)).first { measured[$0] == nil }
    let done = missing.map { $0 / perSeed } ?? seeds.count
    var series: [CalibrationReport.Series] = []
    for (familyIndex, family) in families.enumerated() {
      for (caseIndex, setup) in setups.enumerated() {
        let unit = familyIndex * setups.count + caseIndex
        series.append(
          CalibrationReport.Series(
            family: family.name, id: setup.plan.instance.id, degreesOfFreedom: setup.plan.test.cells.degreesOfFreedom,
            measurements: (0..<done).compactMap { measured[$0 * perSeed + unit] }))
      }
    }
    return try CalibrationReport(series, seeds: done, seed: options.seed, design: design)
  }

  /// A case ready to be measured.
  private struct Setup: Sendable {
    var plan: CasePlan
    var process: EProcess
  }

  private func setups(_ cases: [Instance]) throws(CertificationError) -> [Setup] {
    var setups: [Setup] = []
    for instance in cases {
      let plan = try CasePlan(instance, budget: ErrorBudget(cases: cases.count), samples: design.samples)
      let place = "case \(instance.id)"
      guard plan.test.cells.degreesOfFreedom > 0 else {
        throw .statistics(
          place: place,
          .argument("\(design.samples) decodings fill a single cell with \(Int(CellPlan.minimumExpected)); take more"))
      }
      do {
        setups.append(Setup(plan: plan, process: try EProcess(law: plan.test.cells.probabilities)))
      } catch {
        throw .statistics(place: place, error)
      }
    }
    return setups
  }

  /// Measures one unit after another: seed by seed, within a seed family by family.
  private func work(
    through queue: ShardQueue, _ setups: [Setup], _ seeds: [UInt64], _ options: Options
  ) throws(CertificationError) -> [Int: CalibrationMeasurement] {
    var measurements: [Int: CalibrationMeasurement] = [:]
    let perSeed = setups.count * families.count
    while let unit = queue.next() {
      let family = families[unit % perSeed / setups.count]
      let setup = setups[unit % setups.count]
      do {
        guard let measurement = try measure(setup, family, seed: seeds[unit / perSeed], options) else { break }
        measurements[unit] = measurement
      } catch {
        queue.close()
        throw error
      }
      options.progress(queue.finish(1), seeds.count * perSeed)
    }
    return measurements
  }

  /// One p-value and one e-value; `nil` if interrupted.
  private func measure(
    _ setup: Setup, _ family: CalibrationFamily, seed: UInt64, _ options: Options
  ) throws(CertificationError) -> CalibrationMeasurement? {
    let plan = setup.plan
    var counts = CaseCounts()
    let shardSize = ShardedRun.shardSize(of: plan)
    for first in stride(from: 0, to: plan.samples, by: shardSize) {
      if options.isInterrupted() { return nil }
      let replicates = first..<min(first + shardSize, plan.samples)
      counts.merge(try family.subject.counts(of: plan, replicates: replicates, seed: seed))
    }
    let observed = plan.law.sequences.map { counts.sequences[$0] ?? 0 }
    let impossible = plan.samples - observed.reduce(0, +)
    do {
      return CalibrationMeasurement(
        pValue: try plan.test.pValue(of: counts.sequences),
        logEvidence: try setup.process.logEvidence(counts: observed + [impossible]), impossible: impossible)
    } catch {
      throw .statistics(place: "case \(plan.instance.id)", error)
    }
  }
}
