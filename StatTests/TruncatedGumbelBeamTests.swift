import Certification
import Probability
import SpeculativeDecoding
import Statistics
import TestSupport
import Testing
import ToyModels

/// Ties the perturbed form of RSD-S to the race, by the law of the draft tree: which prefixes survive, in which order.
///
/// N = 300,000 trees for each shape, false-fail rate 1e-7 each for any seed. Fresh noise at every level leaves the output
/// exact and is refused here, and only here.
@Suite(.optimised) struct TruncatedGumbelBeamTests {
  static let samples = 300_000

  static func exactDecoder(_ method: DecodingMethod) throws -> Decoder<MarkovModel<Rational>, MarkovModel<Rational>> {
    let pair = try ModelPair.suite().first { $0.name == "anti-correlated" }!
    return try Decoder(target: pair.target.exactModel(), draft: pair.draft.exactModel(), method: method)
  }

  static func trees<Steps: RoundSteps>(
    _ method: DecodingMethod, seed: UInt64, steps makeSteps: (Philox4x64) -> Steps
  ) throws -> [DraftedTree: Int] where Steps.Scalar == Double {
    let pair = try ModelPair.suite().first { $0.name == "anti-correlated" }!
    let decoder = try Decoder(target: pair.target.model(), draft: pair.draft.model(), method: method)
    var session = decoder.makeSession()
    var counts: [DraftedTree: Int] = [:]
    for replicate in 0..<samples {
      let generator = Philox4x64(key: [seed, 1], replicate: UInt64(replicate))
      var choices = RandomChoices<Double, _>(generator)
      var steps = makeSteps(generator.stream(1))
      try decoder.begin([0], in: &session)
      try decoder.round(&session, steps: &steps, using: &choices)
      counts[DraftedTree(session.workspace.tree), default: 0] += 1
    }
    return counts
  }

  @Test(
    .long, arguments: [DecodingMethod.rsdS(width: 2, depth: 2), .rsdS(width: 2, depth: 3), .rsdS(width: 3, depth: 2)])
  func treeLawIsTheRaces(method: DecodingMethod) throws {
    let law = try Self.exactDecoder(method).draftTreeLaw(after: [0])
    let test = try LawTest(law, samples: Self.samples, share: 1e-7 / 2)
    #expect(test.cells.smallestExpected >= 1000 && test.cells.pooledMass < 0.5)
    let race = try Self.trees(method, seed: 0x5EED_0004) { _ in StandardSteps() }
    #expect(try test.pValue(of: race) >= test.share)
    let perturbed = try Self.trees(method, seed: 0x5EED_0005) { TruncatedGumbelBeam($0, scalar: Double.self) }
    #expect(try test.pValue(of: perturbed) >= test.share)
    let fresh = try Self.trees(method, seed: 0x5EED_0006) {
      TruncatedGumbelBeam<Double, Philox4x64>($0, isConditioned: false)
    }
    #expect(try test.pValue(of: fresh) < test.share)
  }

  /// The output law of the perturbed form, conditioned or not: exact, as the rest of the round is.
  @Test(arguments: [true, false])
  func outputLawIsTheTargets(isConditioned: Bool) async throws {
    let pair = try ModelPair.suite().first { $0.name == "anti-correlated" }!
    let instance = Instance(
      method: .rsdS(width: 2, depth: 2), pair: pair, profile: .plain, profileName: "plain")
    let plan = try CasePlan(instance, budget: ErrorBudget(cases: 2))
    let subject = DecoderSubject(
      steps: { TruncatedGumbelBeam<Double, Philox4x64>($0, isConditioned: isConditioned) },
      choices: { RandomChoices<Double, Philox4x64>($0) })
    let records = try await ShardedRun(subject, .init(seed: 0x5EED_0007, threads: 1)).records(of: [plan])
    #expect(records[0].verdict == .pass, "p = \(records[0].pValue), seed 0x5EED0007")
  }
}
