import Certification
import SpeculativeDecoding
import Statistics
import Testing
import ToyModels

/// The power that a plan states, where its cells are one.
@Suite struct CasePlanTests {
  static let budget = ErrorBudget(cases: DefaultSuite.errorShares)

  static func plan(
    temperature: Double, budget: ErrorBudget = budget, samples: Int? = nil
  ) throws -> CasePlan {
    let pair = try #require(try ModelPair.suite().first)
    let instance = Instance(
      method: .speculative(depth: 1), pair: pair, profile: try SamplingProfile(temperature: temperature),
      profileName: "tested")
    return try CasePlan(instance, budget: budget, samples: samples)
  }

  @Test func oneCellOfManySequencesSeesNothing() throws {
    let plan = try Self.plan(temperature: 1, samples: 1000)
    #expect(plan.law.sequences.count == 27)
    #expect(plan.test.cells.degreesOfFreedom == 0)
    #expect(plan.power == 0)
    #expect(!plan.isConclusive)
  }

  @Test func oneSequenceIsConclusive() throws {
    let plan = try Self.plan(temperature: 0)
    #expect(plan.law.sequences.count == 1)
    #expect(plan.samples == 1000)
    // A mass of 0.03 elsewhere is missed by 1000 decodings with probability 0.97^1000.
    #expect(abs((1 - plan.power) / 5.9e-14 - 1) < 0.01)
    #expect(plan.isConclusive)
    #expect(!(try Self.plan(temperature: 0, samples: 999).isConclusive))
  }

  @Test func smallEffectsOnOneSequenceNeedMoreSamples() throws {
    let budget = ErrorBudget(cases: 1, effect: 0.001)
    let plan = try Self.plan(temperature: 0, budget: budget)
    // ln 1e-6 / ln 0.999 = 13,808.6.
    #expect(plan.samples == 13_809)
    #expect(plan.isConclusive)
    let short = try Self.plan(temperature: 0, budget: budget, samples: 13_808)
    #expect(short.power < 1 - budget.falsePass && !short.isConclusive)
  }
}
