import ArgumentParser
import Certification
import SpeculativeDecoding

/// The user's own models, and what to decode from them.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The target's JSON model.", valueName: "file"))
  var target: String?

  @Option(help: ArgumentHelp("The draft's JSON model.", valueName: "file"))
  var draft: String?

  @Option(help: "Only this rule; may be repeated.")
  var rule: [RuleName] = []

  @Option(help: "The tokens to decode from, such as 0,2.")
  var prompt: IntegerList?

  @Option(help: "Tokens tested jointly; draft length + 2 by default.")
  var length: Int?

  @Option(help: "The token after which a sequence stops.")
  var endToken: Int?

  var isGiven: Bool { target != nil || draft != nil }

  func validate() throws {
    if (target == nil) != (draft == nil) { throw ValidationError("--target and --draft go together.") }
    if let length, length < 1 { throw ValidationError("--length must be at least 1.") }
    if !isGiven, prompt != nil || length != nil || endToken != nil {
      throw ValidationError("--prompt, --length and --end-token need --target and --draft.")
    }
  }

  /// The pair of models, decoded from token 0 unless a prompt is given.
  func pair() throws -> ModelPair? {
    guard let target, let draft else { return nil }
    return ModelPair(
      name: "custom", target: try Files.model(target), draft: try Files.model(draft),
      prompt: prompt?.values ?? [0])
  }

  /// A suite of one case a rule over the user's models.
  func suite(shape: ShapeOptions, profile: SamplingProfile) throws -> Suite {
    guard let pair = try pair() else { return try DefaultSuite.suite() }
    let rules = rule.isEmpty ? RuleName.allCases : rule
    let cases = rules.map { rule in
      CertificationCase(
        method: shape.method(for: rule), pair: pair, profile: profile,
        profileName: profile.isPlain ? "plain" : "profile", length: length, endToken: endToken)
    }
    for testCase in cases {
      if let length, length < testCase.method.draftLength + 2 {
        throw failure(
          .badData,
          "--length \(length) cannot see a whole round of \(testCase.method.rule) and what follows it; it needs "
            + "draft length + 2 = \(testCase.method.draftLength + 2)")
      }
    }
    return Suite(version: "custom/1", cases: cases)
  }
}
