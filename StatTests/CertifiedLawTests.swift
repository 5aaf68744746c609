import Certification
import Probability
import SpeculativeDecoding
import Statistics
import TestSupport
import Testing
import ToyModels

/// A case for each rule and model: the production decoder's joint law of draft length + 2 tokens.
///
/// N follows from the power: each case finds w ≥ 0.03 but for one in a million, and 42 correct cases fail together
/// once in a million at most, for any seed. They would catch every fault whose output law is wrong by that much.
@Suite(.optimised) struct CertifiedLawTests {
  static let methods = Rule.all.map(\.standardMethod)
  static let pairs = try! ModelPair.suite()
  static let budget = ErrorBudget(cases: methods.count * pairs.count)

  @Test(arguments: methods, pairs.map(\.name))
  func lawIsTheTargets(method: DecodingMethod, name: String) async throws {
    let pair = Self.pairs.first { $0.name == name }!
    let profile = pair.needsTopK ? try SamplingProfile(topK: 3) : .plain
    let instance = Instance(
      method: method, pair: pair, profile: profile, profileName: pair.needsTopK ? "top-k-3" : "plain")
    let plan = try CasePlan(instance, budget: Self.budget)
    #expect(plan.isConclusive)
    #expect(plan.power >= 1 - 1e-6)
    #expect(plan.test.cells.smallestExpected >= CellPlan.minimumExpected)

    let records = try await ShardedRun(.production, .init(seed: 0x5EED_0001, threads: 1)).records(of: [plan])
    #expect(records[0].verdict == .pass, "p = \(records[0].pValue), seed 0x5EED0001")
    #expect(records[0].impossible == 0)
  }

  /// Another RNG family under the same decoder: a fault of Philox or of its counters would part the two.
  @Test(arguments: [DecodingMethod.rsdC(branching: [2, 2]), .rsdS(width: 2, depth: 2)])
  func lawIsTheTargetsUnderXoshiro(method: DecodingMethod) async throws {
    let instance = Instance(
      method: method, pair: Self.pairs[1], profile: .plain, profileName: "plain")
    let plan = try CasePlan(instance, budget: ErrorBudget(cases: 2))
    let subject = DecoderSubject(
      steps: { _ in StandardSteps<Double>() },
      choices: { philox in
        var words = philox
        return RandomChoices<Double, _>(Xoshiro256PlusPlus(seed: words.next()))
      })
    let records = try await ShardedRun(subject, .init(seed: 0x5EED_0002, threads: 1)).records(of: [plan])
    #expect(records[0].verdict == .pass, "p = \(records[0].pValue), seed 0x5EED0002")
  }
}
