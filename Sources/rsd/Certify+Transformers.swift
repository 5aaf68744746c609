import Certification
import EmbeddedModels
import Foundation
import SpeculativeDecoding
import Transformer

/// Runs over transformers: the suite's own pair, and the user's.
extension Certify {
  /// The default suite's case over the embedded pair.
  func embeddedTransformers(seed: UInt64, budget: ErrorBudget) async throws -> CertifyTransformers.Result {
    let loaded = try transformers.load(EmbeddedModel.kingJamesTarget.name, draft: EmbeddedModel.kingJamesDraft.name)
    let run = CertifyTransformers(
      target: loaded.target, draft: loaded.draft,
      suite: try TransformerSuite.standard(), budget: budget, seed: seed, threads: threads ?? Machine.processorCount,
      json: json)
    return try await explainingErrors { try await run.run() }
  }

  /// A run over the user's transformers alone.
  func certifyTransformers() async throws -> ExitStatus {
    guard let model = transformers.model, let draftName = models.draft else { return .usage }
    var (target, draft, tokenizer) = try transformers.load(model, draft: draftName)
    let suite = try transformers.suite(
      over: target.model, tokenizer, models, rules: rules, shape: shape, profile: try profile.profile())
    let budget = ErrorBudget(cases: suite.errorShares)
    let seed = chooseSeed(Suite(version: CertifyTransformers.suiteVersion, cases: []))
    try await explainingErrors {
      try transformers.stateArithmetic(of: &target, &draft, models, over: suite, seed: seed)
    }
    Interruption.begin()
    if !json, let difference = target.fingerprint.difference { Output.line(Self.arithmeticLine(difference)) }
    let run = CertifyTransformers(
      target: target, draft: draft, suite: suite, budget: budget, seed: seed,
      threads: threads ?? Machine.processorCount, json: json)
    let (report, unrun) = try await explainingErrors { try await run.run(samples: samples) }
    var certificate = Certificate(
      suite: .init(version: CertifyTransformers.suiteVersion, selection: "custom"), seed: seed, errorBudget: budget,
      cases: [])
    certificate.add(transformers: report)
    try await finish(certificate, plans: [], unrun: unrun)
    return certificate.verdict.exitStatus
  }

  /// How far fast arithmetic is from deterministic, for a person.
  private static func arithmeticLine(_ difference: ArithmeticDifference) -> String {
    String(
      format: "arithmetic: fast; from deterministic: logits by up to %.1e, KL %.1e nats on\naverage, total variation "
        + "up to %.1e, over %d positions",
      difference.largestLogit, difference.meanDivergence, difference.largestTotalVariation, difference.positions)
  }
}
