import Certification
import EmbeddedModels
import Foundation
import SpeculativeDecoding
import Transformer

/// Runs over transformers: the suite's own pair, and the user's.
extension Certify {
  /// The default suite's case over the embedded pair.
  func embeddedTransformers(seed: UInt64, budget: ErrorBudget) async throws -> TransformerReport {
    let target = try TransformerCaseOptions.load(EmbeddedModel.kingJamesTarget.name)
    let run = CertifyTransformers(
      target: target, draft: try transformers.loadDraft(EmbeddedModel.kingJamesDraft.name, for: target.model),
      suite: try TransformerSuite.standard(), budget: budget, seed: seed, threads: threads ?? Machine.processorCount,
      json: json)
    return try await explainingErrors { try await run.run() }
  }

  /// A run over the user's transformers alone.
  func certifyTransformers() async throws -> ExitStatus {
    guard let model = transformers.model, let draftName = models.draft else { return .usage }
    var target = try TransformerCaseOptions.load(
      model, precision: transformers.precisions.target, arithmetic: transformers.precisions.chosenArithmetic)
    var draft = try transformers.loadDraft(draftName, for: target.model)
    guard target.model.vocabularySize == draft.model.vocabularySize else {
      let mismatch = SpeculativeDecodingError.vocabularyMismatch(
        target: target.model.vocabularySize, draft: draft.model.vocabularySize)
      throw failure(.badData, "\(model) and \(draftName): \(mismatch)")
    }
    let suite = try transformers.suite(
      over: target.model, models, rules: rules, shape: shape, profile: try profile.profile())
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
    let report = try await explainingErrors { try await run.run(samples: samples) }
    var certificate = Certificate(
      suite: .init(version: CertifyTransformers.suiteVersion, selection: "custom"), seed: seed, errorBudget: budget,
      cases: [])
    certificate.add(transformers: report)
    try await finish(certificate, plans: [])
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
