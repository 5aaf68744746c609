import Certification
import OwnRule
import Probability
import SpeculativeDecoding
import Testing

/// The rule of this package, proved and certified by the machinery that proves and certifies the library's own.
@Suite struct TopKMatchTests {
  /// The law of the running code is the target's, as fractions, on the instances of the proof corpus.
  @Test func theLawIsTheTargets() throws {
    let corpus = try ProofCorpus.cases(of: [.topKMatch])
    #expect(corpus.count >= 50)
    for instance in corpus {
      #expect(try Proof(of: instance, steps: { TopKMatch<Rational>() }).verdict == .proved, "\(instance.id)")
    }
  }

  /// The suite's cases of the rule, sampled; a correct rule fails with probability 1e-6 at most, for any seed.
  @Test func theSuiteCertifiesIt() async throws {
    let suite = try DefaultSuite.suite(of: [.topKMatch])
    let plans = try suite.cases.map { try CasePlan($0, budget: suite.budget) }
    let subject = DecoderSubject(steps: { _ in TopKMatch<Double>() }, choices: { RandomChoices<Double, _>($0) })
    let records = try await ShardedRun(subject, .init(seed: suite.seed, threads: 2)).records(of: plans)
    #expect(records.count == 13)
    for record in records { #expect(record.verdict == .pass, "\(record.id): p = \(record.pValue)") }
  }

  /// A rule with the mistake of taking the most probable child instead of the drawn one is refuted, and refused.
  @Test func aWrongRuleIsRefused() async throws {
    let suite = try DefaultSuite.suite(of: [.topKMatch])
    let instance = try #require(suite.cases.first { $0.profile == .plain && $0.endToken == nil })
    guard case .refuted = try Proof(of: instance, steps: { Greedy<Rational>() }).verdict else {
      Issue.record("the proof does not refute it")
      return
    }
    let subject = DecoderSubject(steps: { _ in Greedy<Double>() }, choices: { RandomChoices<Double, _>($0) })
    let plan = try CasePlan(instance, budget: suite.budget)
    let records = try await ShardedRun(subject, .init(seed: suite.seed, threads: 2)).records(of: [plan])
    #expect(records.map(\.verdict) == [.fail])
  }
}

/// A wrong rule: whatever the target likes best among the children is accepted without a draw.
struct Greedy<Scalar: ProbabilityScalar>: RoundSteps {
  private var right = TopKMatch<Scalar>()

  mutating func draftTree<Model: LanguageModel, Source: Choices>(
    of method: DecodingMethod, by model: Model, context: inout Model.Context, in workspace: inout Workspace<Scalar>,
    using choices: inout Source
  ) throws(SpeculativeDecodingError) where Model.Scalar == Scalar, Source.Scalar == Scalar {
    try right.draftTree(of: method, by: model, context: &context, in: &workspace, using: &choices)
  }

  mutating func verifyTree<Source: Choices>(
    by method: DecodingMethod, endTokens: Set<Token>, in workspace: inout Workspace<Scalar>,
    using choices: inout Source,
    completing complete: (Int, inout LawTable<Scalar>) throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> Token? where Source.Scalar == Scalar {
    try workspace.loadResidual(after: 0, completing: complete)
    let law = workspace.targetLaws.law(ofRow: 0)
    let best = workspace.tree.children(of: 0).max {
      law[Int(workspace.tree[$0].token)] < law[Int(workspace.tree[$1].token)]
    }
    guard let best, law[Int(workspace.tree[best].token)] > .zero else {
      return choices.index(for: .residual, in: workspace.residual.span, total: workspace.residualMass)
    }
    workspace.accepted.append(best)
    if endTokens.contains(Int(workspace.tree[best].token)) { return nil }
    try workspace.loadResidual(after: best, completing: complete)
    return choices.index(for: .bonus, in: workspace.residual.span, total: workspace.residualMass)
  }
}
