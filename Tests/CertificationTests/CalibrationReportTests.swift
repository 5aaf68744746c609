import Foundation
import Probability
import SpeculativeDecoding
import Statistics
import Synchronization
import TestSupport
import Testing

@testable import Certification

@Suite(.optimised) struct CalibrationReportTests {
  /// Measurements whose p-values lie on an even grid, moved by a function of [0, 1].
  static func series(
    seeds: Int = 200, logEvidence: Double = -0.5, moved: (Double) -> Double = { $0 }
  ) -> [CalibrationReport.Series] {
    ["one", "two"].map { family in
      CalibrationReport.Series(
        family: family, id: "case", degreesOfFreedom: 3,
        measurements: (0..<seeds).map {
          CalibrationMeasurement(
            pValue: moved((Double($0) + 0.5) / Double(seeds)), logEvidence: logEvidence, impossible: 0)
        })
    }
  }

  static func report(_ series: [CalibrationReport.Series], seeds: Int = 200) throws -> CalibrationReport {
    try CalibrationReport(series, seeds: seeds, seed: 1, design: CalibrationDesign(seeds: 200))
  }

  @Test func uniformPValuesPass() throws {
    let report = try Self.report(Self.series())
    #expect(report.verdict == .certified)
    let ofAll: [CalibrationCheck.Kind] = [.uniformity, .tail, .tail]
    #expect(report.checks.map(\.kind) == [.uniformity, .evidence, .uniformity, .evidence] + ofAll + ofAll)
    #expect(report.checks.allSatisfy { $0.falseFail == 1e-7 && $0.samples == 200 && $0.verdict == .pass })
    #expect(report.checks.filter { $0.kind == .tail }.map(\.statistic) == [2, 0, 2, 0])
  }

  /// P-values that are the squares of uniform ones: half of them lie below a quarter.
  @Test func pValuesThatAreTooSmallFail() throws {
    let report = try Self.report(Self.series { $0 * $0 })
    #expect(report.verdict == .failed)
    let uniformity = report.checks.filter { $0.kind == .uniformity }
    #expect(uniformity.allSatisfy { $0.verdict == .fail && abs($0.statistic! - 0.25) < 0.01 })
    // 20 of 200 below 0.01: as many as a level of 0.1 gives.
    let tails = report.checks.filter { $0.kind == .tail && $0.level == 0.01 }
    #expect(tails.allSatisfy { $0.statistic == 20 && $0.verdict == .fail })
  }

  /// The allowance is for a distance, not for a shape: 0.02 of it is free, and no more.
  @Test func allowanceIsTakenFromTheDistance() throws {
    let moved = try Self.report(Self.series { min(1, $0 + 0.1) }).checks[0]
    let distance = try KolmogorovSmirnov(uniform: Self.series { min(1, $0 + 0.1) }[0].measurements.map(\.pValue))
    #expect(moved.statistic == distance.statistic)
    #expect(moved.pValue == (try KolmogorovSmirnov.upperTail(distance.statistic - 0.02, samples: 200)))
  }

  @Test func eValuesAboveOneFail() throws {
    let report = try Self.report(Self.series(logEvidence: log(1.3)))
    #expect(report.verdict == .failed)
    #expect(report.checks.filter { $0.verdict == .fail }.allSatisfy { $0.kind == .evidence })
    #expect(abs(try #require(report.entries[0].meanEvidence) - 1.3) < 1e-12)
  }

  @Test func impossibleHitFailsAndHasAJSONForm() throws {
    var series = Self.series()
    series[0].measurements[7] = CalibrationMeasurement(pValue: 0, logEvidence: .infinity, impossible: 1)
    let report = try Self.report(series)
    #expect(report.verdict == .failed)
    #expect(report.entries[0].impossible == 1 && report.entries[0].meanEvidence == nil)
    let again: CalibrationReport = try StableJSON.decode(StableJSON.encode(report))
    #expect(again == report)
  }

  @Test func fewSeedsAreInconclusive() throws {
    #expect(try Self.report(Self.series(seeds: 150), seeds: 150).verdict == .inconclusive)
    #expect(try Self.report([], seeds: 0).verdict == .inconclusive)
    let few = try CalibrationReport(
      Self.series(seeds: 30), seeds: 30, seed: 1, design: CalibrationDesign(seeds: 30))
    #expect(few.verdict == .inconclusive && few.detectableDistance > 0.5)
  }

  /// A distance just above the critical one fails, and one just below passes.
  @Test func criticalDistanceIsWhereTheCheckFails() throws {
    for count in [50, 200, 1500] {
      let critical = try CalibrationDesign.criticalDistance(count: count, share: 1e-8)
      let excess = critical - CalibrationDesign.uniformityAllowance
      #expect(try KolmogorovSmirnov.upperTail(excess + 1e-9, samples: count) <= 1e-8)
      #expect(try KolmogorovSmirnov.upperTail(excess - 1e-9, samples: count) > 1e-8)
    }
  }

  static let cases = try! DefaultSuite.suite().cases.filter {
    ["rsd-c/3/zeros/top-k", "autoregressive/zeros/top-k"].contains($0.id)
  }
  static let small = CalibrationRunner(design: CalibrationDesign(seeds: 3, samples: 10_000))

  @Test func reportsDoNotDependOnThreads() async throws {
    let one = try await Self.small.run(Self.cases, .init(seed: 5, threads: 1))
    #expect(one.entries.count == 4 && one.seeds == 3)
    #expect(try await Self.small.run(Self.cases, .init(seed: 5, threads: 3)) == one)
    #expect(try await Self.small.run(Self.cases, .init(seed: 6, threads: 3)).entries != one.entries)
  }

  /// The p-value of a seed is that of a certification from this seed.
  @Test func pValuesAreTheCertifications() async throws {
    let report = try await Self.small.run([Self.cases[0]], .init(seed: 5, threads: 2))
    let plan = try CasePlan(Self.cases[0], budget: ErrorBudget(cases: 1), samples: 10_000)
    for (seed, pValue) in zip(Self.small.design.seedList(from: 5), report.entries[0].pValues) {
      let records = try await ShardedRun(.production, .init(seed: seed, threads: 1)).records(of: [plan])
      #expect(records[0].pValue == pValue)
    }
  }

  @Test func interruptionKeepsWholeSeeds() async throws {
    let whole = try await Self.small.run(Self.cases, .init(seed: 5, threads: 1))
    let finished = Mutex(0)
    let report = try await Self.small.run(
      Self.cases,
      .init(
        seed: 5, threads: 1, isInterrupted: { finished.withLock { $0 >= 6 } },
        progress: { done, all in
          #expect(all == 12)
          finished.withLock { $0 = done }
        }))
    #expect(report.seeds == 1 && report.verdict == .inconclusive)
    #expect(report.entries.map(\.pValues) == whole.entries.map { Array($0.pValues.prefix(1)) })
  }

  @Test func tooFewDecodingsForTwoCellsAreRefused() async {
    let runner = CalibrationRunner(design: CalibrationDesign(seeds: 3, samples: 1000))
    await #expect(throws: CertificationError.self) { try await runner.run(Self.cases, .init(seed: 5, threads: 1)) }
  }

  /// The second family depends on the replicate, the case and the seed, each.
  @Test func xoshiroStreamsDiffer() throws {
    let plan = try CasePlan(Self.cases[1], budget: ErrorBudget(cases: 1), samples: 1)
    let subject = DecoderSubject.xoshiro
    let first = try subject.counts(of: plan, replicates: 0..<2000, seed: 1)
    #expect(try subject.counts(of: plan, replicates: 0..<2000, seed: 1) == first)
    #expect(try subject.counts(of: plan, replicates: 0..<2000, seed: 2) != first)
    #expect(try subject.counts(of: plan, replicates: 2000..<4000, seed: 1) != first)
    #expect(try DecoderSubject.production.counts(of: plan, replicates: 0..<2000, seed: 1) != first)
  }
}
