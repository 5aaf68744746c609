import Certification
import Probability
import SpeculativeDecoding
import Statistics
import TestSupport
import Testing
import ToyModels

/// Decoders that are wrong in one known way must be refused, by the case that declares to catch them.
///
/// The fault acts on the production code through a step or the source of choices. Its exact law is enumerated, its
/// effect w and the predicted power at the case's N follow, and the power is asserted before any data.
@Suite(.optimised) struct WrongDecoderTests {
  static let declared: [(fault: Fault, id: String)] = [
    (.alwaysAccepts, "rsd-c/3-1/anti-correlated/top-k"),
    (.residualNotUpdated, "rsd-c/2-1-1/binary/plain"),
    (.siblingsInProbabilityOrder, "rsd-s/3x2/binary/cool"),
    (.acceptanceUniformReused, "rsd-s/2x3/one-hot/plain"),
  ]

  @Test(.long, arguments: declared.map(\.fault))
  func suiteRefusesTheFault(fault: Fault) async throws {
    let suite = try DefaultSuite.suite()
    let budget = suite.budget
    let id = Self.declared.first { $0.fault == fault }!.id
    let quick = Set(try DefaultSuite.quick().cases.map(\.id))
    let plans = try suite.cases.filter { quick.contains($0.id) || $0.id == id }.map { try CasePlan($0, budget: budget) }
    let plan = try #require(plans.first { $0.instance.id == id }, "the case that declares the fault is in the suite")

    let power = try predictedPower(of: plan, against: fault)
    #expect(power >= 1 - 1e-6, "\(fault) on \(id)")

    let run = ShardedRun(FaultSubject.control(fault), .init(seed: suite.seed, threads: 2))
    let records = try await run.records(of: plans)
    let failed = records.filter { $0.verdict == .fail }.map(\.id)
    #expect(failed.contains(id))
    #expect(RunVerdict(cases: records.map(\.verdict)) == .failed)
    // Autoregressive decoding drafts nothing: the fault cannot show, and the case passes.
    #expect(!failed.contains { $0.hasPrefix("autoregressive") })
  }

  @Test func noFaultIsThePassingSuite() async throws {
    let suite = try DefaultSuite.quick()
    let plans = try suite.cases.map { try CasePlan($0, budget: suite.budget) }
    let production = try await ShardedRun(.production, .init(seed: suite.seed, threads: 2)).records(of: plans)
    let control = try await ShardedRun(FaultSubject.control(.none), .init(seed: suite.seed, threads: 2)).records(
      of: plans)
    #expect(production.map(\.counts) == control.map(\.counts))
    #expect(production.allSatisfy { $0.verdict == .pass })
  }

  /// The probability that the case refuses the fault, from the fault's exact law.
  private func predictedPower(of plan: CasePlan, against fault: Fault) throws -> Double {
    let instance = plan.instance
    let law = try instance.emittedLaw(under: fault)
    return try plan.test.power(against: law.sequences)
  }
}
