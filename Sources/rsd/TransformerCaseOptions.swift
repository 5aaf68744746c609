import ArgumentParser
import Certification
import EmbeddedModels
import Foundation
import SpeculativeDecoding
import Transformer

/// Two transformers to certify, and the texts to decode from.
struct TransformerCaseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The target, a transformer: a Hugging Face folder, a GGUF file, or \(EmbeddedModel.kingJamesTarget.name); with --draft, "
        + "another or \(EmbeddedModel.kingJamesDraft.name).",
      valueName: "model"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A text to decode from, of byte-level models; may be repeated. Other models take --prompt.", valueName: "text"))
  var text: [String] = []

  @OptionGroup var precisions: PrecisionOptions

  var isGiven: Bool { model != nil || !text.isEmpty || !precisions.given.isEmpty }

  /// Refuses what would be left out without a word.
  func requireUse(of models: ModelOptions, shape: ShapeOptions, length: Int?, by rules: [RuleName]) throws {
    guard model != nil else {
      throw ValidationError(
        "\(text.isEmpty ? precisions.given[0] : "--text") goes with a transformer; add --model and --draft")
    }
    guard models.target == nil else {
      throw ValidationError("--model and --target are two kinds of target; leave one out")
    }
    guard models.draft != nil else { throw ValidationError("--model and --draft go together; add --draft") }
    if models.endToken != nil { throw ValidationError("--end-token is no option of transformers' cases") }
    if length != nil { throw ValidationError("--length is no option of transformers' cases") }
    if !text.isEmpty, models.prompt != nil {
      throw ValidationError("--text and --prompt are two ways to say it; leave one out")
    }
    try shape.requireUse(by: rules)
  }

  /// The cases: every rule from every prompt, under a top-k of 2 where the profile has none.
  func suite(
    over target: TransformerModel, _ models: ModelOptions, rules: [RuleName], shape: ShapeOptions,
    profile: SamplingProfile
  ) throws -> TransformerSuite {
    let isByteLevel = target.vocabularySize == ByteTokenizer().vocabularySize
    let prompts: [TransformerSuite.Prompt]
    if let prompt = models.prompt {
      for token in prompt.values where !(0..<target.vocabularySize).contains(token) {
        throw failure(
          .badData, "--prompt: token \(token) is out of range; the vocabulary is 0...\(target.vocabularySize - 1)")
      }
      prompts = [TransformerSuite.Prompt(tokens: prompt.values)]
    } else if isByteLevel {
      prompts =
        text.isEmpty
        ? TransformerSuite.bytePrompts
        : text.map { TransformerSuite.Prompt(text: $0, tokens: ByteTokenizer().encode($0)) }
    } else {
      throw failure(
        .badData,
        "\(model ?? "the model") has \(target.vocabularySize) tokens, which are no bytes; give the tokens to decode from "
          + "by --prompt 1,2,3")
    }
    let few =
      profile.topK == 0
      ? try SamplingProfile(temperature: profile.temperature, topK: 2, topP: profile.topP, minP: profile.minP)
      : profile
    return TransformerSuite(methods: rules.map { shape.method(for: $0) }, prompts: prompts, profile: few)
  }

  /// A model by name, folder or GGUF file, on one thread: decodings run side by side.
  static func load(
    _ name: String, precision: WeightPrecision = .stored
  ) throws -> (model: TransformerModel, fingerprint: ModelFingerprint) {
    do throws(TransformerError) {
      let checkpoint =
        if let embedded = EmbeddedModel(rawValue: name) {
          try embedded.checkpoint()
        } else {
          try Checkpoint.open(name)
        }
      // A path is its owner's: the certificate names its last part alone.
      let shown = name.split(separator: "/").last.map(String.init) ?? name
      return (
        try TransformerModel(checkpoint, threads: 1, precision: precision),
        ModelFingerprint(checkpoint, name: shown, precision: precision)
      )
    } catch {
      throw failure(.badData, error)
    }
  }
}
