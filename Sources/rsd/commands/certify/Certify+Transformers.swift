import Certification
import CertificationTransformers
import Foundation
import SpeculativeDecoding

/// Runs over transformers: the suite's own pair, and the user's.
extension Certify {
  /// The suite's name where the models are the user's.
  static let transformerSuiteVersion = "custom/transformers-1"

  /// A run over the user's transformers alone.
  func certifyTransformers() async throws -> ExitStatus {
    guard let model = transformers.model, let draftName = models.draft else { return .usage }
    var (target, draft, tokenizer) = try transformers.load(model, draft: draftName)
    let suite = try transformers.suite(
      over: target.model, tokenizer, models, rules: rules, shape: shape, profile: try profile.profile())
    let budget = ErrorBudget(cases: suite.errorShares)
    let seed = chooseSeed() ?? Suite(version: Self.transformerSuiteVersion, cases: []).seed
    try await explainingErrors {
      try transformers.stateArithmetic(of: &target, &draft, models, over: suite, seed: seed)
    }
    Interruption.begin()
    if !json, let difference = target.fingerprint.difference { Output.line(Self.arithmeticLine(difference)) }
    let printer = CertifyPrinter(json: json)
    let report = try await explainingErrors { [target, draft] in
      defer { printer.clear() }
      return try await suite.report(
        target: target, draft: draft, budget: budget, seed: seed, threads: threads ?? Machine.processorCount,
        samples: samples, observer: printer.observer)
    }
    var certificate = Certificate(
      suite: .init(version: Self.transformerSuiteVersion, selection: "custom"), seed: seed, errorBudget: budget,
      cases: [])
    certificate.add(transformers: report)
    try await finish(certificate, plans: [], unrun: printer.unrun)
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
