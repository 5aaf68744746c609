import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding
import ToyModels

/// How many tokens are tested of the user's own models.
struct LengthOptions: ParsableArguments {
  @Option(
    help: NumberLimit.length.help("Tokens tested jointly", "draft length + 2 by default", valueName: "n"),
    transform: NumberLimit.length.whole)
  var length: Int?
}

/// The user's own models, and what to decode from them.
struct ModelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The target's JSON model.", valueName: "file"))
  var target: String?

  @Option(help: ArgumentHelp("The draft: a JSON model, as the target.", valueName: "file"))
  var draft: String?

  @Option(
    help: NumberLimit.promptOfModels.help(
      "The tokens to decode from, such as 0,2", "0 by default", valueName: "tokens"),
    transform: NumberLimit.promptOfModels.list)
  var prompt: IntegerList?

  @Option(
    help: NumberLimit.endToken.help("The token after which a sequence stops", valueName: "token"),
    transform: NumberLimit.endToken.whole)
  var endToken: Int?

  var isGiven: Bool { target != nil || draft != nil }

  /// Refuses a model without the other.
  func requirePair() throws {
    if (target == nil) != (draft == nil) {
      throw ValidationError("--target and --draft go together; add --\(target == nil ? "target" : "draft")")
    }
  }

  /// Refuses options that would be left out without a word: those of own models without them, and those of no rule.
  func requireUse(of shape: ShapeOptions, _ profile: ProfileOptions, length: Int?, by rules: [Rule]) throws {
    try requirePair()
    if isGiven { return try shape.requireUse(by: rules) }
    let own = [
      prompt.map { _ in "--prompt" }, endToken.map { _ in "--end-token" }, length.map { _ in "--length" },
    ].compactMap { $0 }
    if let option = (shape.given + own + profile.given).first {
      throw ValidationError("\(option) is for your own models; add --target and --draft")
    }
  }

  /// The pair of models, decoded from token 0 unless a prompt is given.
  func pair() throws -> ModelPair? {
    guard let target, let draft else { return nil }
    let pair = ModelPair(
      name: "custom", target: try Files.model(target), draft: try Files.model(draft), prompt: prompt?.values ?? [0])
    guard pair.target.vocabulary == pair.draft.vocabulary else {
      let mismatch = SpeculativeDecodingError.vocabularyMismatch(
        target: pair.target.vocabulary, draft: pair.draft.vocabulary)
      throw failure(.badData, "\(target) and \(draft): \(mismatch)")
    }
    try requireTokens(of: pair)
    return pair
  }

  /// Makes sure that the prompt and the end token are tokens of the pair.
  func requireTokens(of pair: ModelPair) throws {
    let vocabulary = pair.target.vocabulary
    let given = (prompt?.values ?? []).map { ($0, "--prompt") } + (endToken.map { [($0, "--end-token")] } ?? [])
    for (token, option) in given where !(0..<vocabulary).contains(token) {
      throw failure(.badData, "\(option): token \(token) is out of range; the vocabulary is 0...\(vocabulary - 1)")
    }
  }

  /// A suite of one case a rule over the user's models.
  func suite(rules: [Rule], shape: ShapeOptions, profile: SamplingProfile, length: Int?) throws -> Suite {
    guard let pair = try pair() else { return try DefaultSuite.suite() }
    let cases = rules.map { rule in
      Instance(
        method: shape.method(for: rule), pair: pair, profile: profile,
        profileName: profile.isPlain ? "plain" : "profile", length: length, endToken: endToken)
    }
    for instance in cases {
      let rule = instance.method.rule
      let needed = instance.method.draftLength + 2
      if instance.length < needed {
        throw failure(
          .badData,
          "--length \(instance.length) cannot see a whole round of \(rule) and what follows it; it needs draft length "
            + "+ 2 = \(needed)")
      }
      // Sequences are counted by a number in base vocabulary + 1.
      let longest = Int(62 / log2(Double(pair.target.vocabulary + 1)))
      if instance.length > longest {
        throw failure(
          .badData,
          "\(rule) would test \(instance.length) tokens jointly; over \(pair.target.vocabulary) tokens at most "
            + "\(longest) can be counted, so make the tree shallower or --length smaller")
      }
    }
    return Suite(version: "custom/1", cases: cases)
  }
}
