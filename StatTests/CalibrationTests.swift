import Certification
import Probability
import SpeculativeDecoding
import Statistics
import TestSupport
import Testing
import ToyModels

/// The meta-test of the suite: p-values and e-values of the correct decoder over many seeds, and of a wrong one.
///
/// 150 seeds of 10,000 decodings for each case and family. All checks of a run together fail a correct decoder with
/// probability 1e-7 at most, for any seed; p-values of a case whose law is 0.5 from uniform pass with probability 1e-6
/// at most. It would catch a chi-square with wrong degrees of freedom or expected counts, a generator whose seeds or
/// replicates are not independent, and an e-process whose mean exceeds 1.
@Suite(.optimised) struct CalibrationTests {
  static let design = CalibrationDesign(seeds: 150, samples: 10_000, falseFail: 1e-7)

  static func cases(_ ids: [String]) throws -> [Instance] {
    try DefaultSuite.suite().cases.filter { ids.contains($0.id) }
  }

  static func run(
    _ ids: [String], families: [CalibrationFamily] = CalibrationFamily.production,
    design: CalibrationDesign = design, threads: Int = 2
  ) async throws -> CalibrationReport {
    try await CalibrationRunner(families: families, design: design)
      .run(cases(ids), .init(seed: 0x5EED_0003, threads: threads))
  }

  @Test func correctDecoderIsCalibrated() async throws {
    let report = try await Self.run(["rsd-c/3-1/zeros/warm", "rsd-s/2x2/contextual/plain"])
    #expect(report.detectableDistance <= 0.5)
    #expect(report.entries.count == 4 && report.entries.allSatisfy { $0.pValues.count == 150 && $0.impossible == 0 })
    #expect(report.checks.count == 14)
    for check in report.checks {
      #expect(check.falseFail == 1e-7 / 14)
      #expect(check.verdict == .pass, "\(check.kind) of \(check.family) \(check.id ?? "all"): p = \(check.pValue)")
    }
    #expect(report.verdict == .certified)
  }

  @Test func familiesAndSeedsGiveOtherPValues() async throws {
    let small = CalibrationDesign(seeds: 4, samples: 10_000, falseFail: 1e-8)
    let report = try await Self.run(["rsd-s/2x2/contextual/plain"], design: small)
    #expect(Set(report.entries.flatMap(\.pValues)).count == 8)
    // So few p-values can show nothing, and nothing is concluded from them.
    #expect(report.verdict == .inconclusive)
  }

  /// A residual that is not updated between siblings, on the case that declares it.
  ///
  /// Its exact law gives w and, from the chi-square's power at 0.01, how far the p-values are from uniform at least:
  /// farther than what the check finds but for one in a million.
  @Test func wrongDecoderIsRefused() async throws {
    let id = "rsd-c/2-1-1/binary/plain"
    let families = [CalibrationFamily(name: "fault", subject: FaultSubject.control(.residualNotUpdated))]
    let instance = try #require(try Self.cases([id]).first)
    let plan = try CasePlan(instance, budget: ErrorBudget(cases: 1), samples: Self.design.samples)
    let law = try instance.emittedLaw(under: .residualNotUpdated)
    let effect = plan.test.effect(of: law.sequences)
    let power = try PowerDesign.power(
      effect: effect, samples: plan.samples, degreesOfFreedom: plan.test.cells.degreesOfFreedom, falseFail: 0.01)

    let report = try await Self.run([id], families: families)
    #expect(power - 0.01 >= report.detectableDistance, "w = \(effect): power \(power) at 0.01")
    #expect(report.verdict == .failed)
    let failed = report.checks.filter { $0.verdict == .fail }
    #expect(failed.contains { $0.kind == .uniformity && $0.id == id })
    #expect(failed.contains { $0.kind == .evidence && $0.id == id })
    #expect(failed.contains { $0.kind == .tail && $0.level == 0.001 })
    // By the e-process alone, a seed at a time: what `rsd certify --until-certified` refuses by.
    let design = try AnytimeDesign(cases: 1)
    let record = try await ShardedRun(families[0].subject, .init(seed: 0x5EED_0004, threads: 2)).records(
      of: [plan], design: design)[0]
    #expect(record.verdict == .refused, "ln e = \(record.logEvidence) after \(record.samples)")
  }
}
