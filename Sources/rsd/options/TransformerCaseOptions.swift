import ArgumentParser
import Certification
import CertificationTransformers
import Checkpoints
import EmbeddedModels
import Foundation
import SpeculativeDecoding
import Tokenizers
import Transformer

/// Two transformers to certify, and the texts to decode from.
struct TransformerCaseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The target, a transformer: a Hugging Face folder, a GGUF file, or \(EmbeddedModel.kingJamesTarget.name); with --draft, "
        + "another, \(EmbeddedModel.kingJamesDraft.name), or \(LookupOptions.name).",
      valueName: "model"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "A text to decode from, also by --server; may be repeated. Three by default. Models without a tokenizer take --prompt.",
      valueName: "text"))
  var text: [String] = []

  @Option(
    help: NumberLimit.evaluated.help(
      "Decodings of a case that pass through both models, in trees and caches",
      "the others take the laws that were evaluated after their texts. All by default, or as many as the budget needs of "
        + "a large model", valueName: "n"),
    transform: NumberLimit.evaluated.whole)
  var evaluated: Int?

  @OptionGroup var lookup: LookupOptions
  @OptionGroup var precisions: PrecisionOptions
  @OptionGroup var tokenizers: TokenizerOptions

  var isGiven: Bool { model != nil || alone != nil }

  /// An option that is of no use without a model.
  private var alone: String? {
    if !text.isEmpty { return "--text" }
    return besideText
  }

  /// An option other than the texts, which servers take too.
  var besideText: String? {
    if model != nil { return "--model" }
    if evaluated != nil { return "--evaluated" }
    if lookup.lookupOrder != nil { return "--lookup-order" }
    if tokenizers.tokenizer != nil { return "--tokenizer" }
    return precisions.given.first
  }

  /// Refuses what would be left out without a word.
  func requireUse(of models: ModelOptions, shape: ShapeOptions, length: Int?, by rules: [Rule]) throws {
    guard model != nil else {
      throw ValidationError("\(alone ?? "--text") goes with a transformer; add --model and --draft")
    }
    guard models.target == nil else {
      throw ValidationError("--model and --target are two kinds of target; leave one out")
    }
    guard models.draft != nil else { throw ValidationError("--model and --draft go together; add --draft") }
    try lookup.requireUse(by: models.draft)
    if models.endToken != nil { throw ValidationError("--end-token is no option of transformers' cases") }
    if length != nil { throw ValidationError("--length is no option of transformers' cases") }
    if !text.isEmpty, models.prompt != nil {
      throw ValidationError("--text and --prompt are two ways to say it; leave one out")
    }
    try shape.requireUse(by: rules)
  }

  /// Target and draft over the tokens of the tokenizer, which is `nil` where the target's texts cannot be read.
  func load(
    _ model: String, draft name: String
  ) throws -> (target: LoadedModel, draft: LoadedDraft, tokenizer: (any Tokenizer)?) {
    let targetCheckpoint = try TransformerOptions.checkpoint(model)
    let draftCheckpoint = name == LookupOptions.name ? nil : (name, try TransformerOptions.checkpoint(name))
    let vocabulary = try PairVocabulary(of: (model, targetCheckpoint), draft: draftCheckpoint, tokenizers)
    let arithmetic = precisions.chosenArithmetic
    let target = try Self.load(
      model, vocabulary.limited(targetCheckpoint), precision: precisions.target, arithmetic: arithmetic)
    guard let (name, checkpoint) = draftCheckpoint else {
      return (target, try lookupDraft(for: target.model), vocabulary.tokenizer)
    }
    let draft = try Self.load(name, vocabulary.limited(checkpoint), precision: precisions.draft, arithmetic: arithmetic)
    guard target.model.vocabularySize == draft.model.vocabularySize else {
      let mismatch = SpeculativeDecodingError.vocabularyMismatch(
        target: target.model.vocabularySize, draft: draft.model.vocabularySize)
      throw failure(.badData, "\(model) and \(name): \(mismatch)\(TransformerOptions.paddingAdvice)")
    }
    return (target, (.transformer(draft.model), .transformer(draft.fingerprint)), vocabulary.tokenizer)
  }

  /// The cases: every rule from every prompt, under a top-k of 2 where the profile has none.
  func suite(
    over target: TransformerModel, _ tokenizer: (any Tokenizer)?, _ models: ModelOptions, rules: [Rule],
    shape: ShapeOptions, profile: SamplingProfile
  ) throws -> TransformerSuite {
    let prompts: [TransformerSuite.Prompt]
    if let prompt = models.prompt {
      for token in prompt.values where !(0..<target.vocabularySize).contains(token) {
        throw failure(
          .badData, "--prompt: token \(token) is out of range; the vocabulary is 0...\(target.vocabularySize - 1)")
      }
      prompts = [TransformerSuite.Prompt(tokens: prompt.values)]
    } else {
      let model = model ?? "the model"
      guard let tokenizer else {
        throw failure(
          .badData,
          "\(model) has \(target.vocabularySize) tokens and no tokenizer; give one by --tokenizer, or the tokens to decode "
            + "from by --prompt 1,2,3")
      }
      let begin = (tokenizer as? PieceTokenizer)?.definition.beginTokens ?? []
      prompts = (text.isEmpty ? TransformerSuite.texts : text).map {
        TransformerSuite.Prompt(text: $0, tokens: begin + tokenizer.encode($0))
      }
      if let empty = prompts.first(where: \.tokens.isEmpty) {
        throw failure(.badData, "--text: \"\(empty.name)\" has no token; give a text that begins somewhere")
      }
    }
    let few =
      profile.topK == 0
      ? try SamplingProfile(temperature: profile.temperature, topK: 2, topP: profile.topP, minP: profile.minP)
      : profile
    var suite = TransformerSuite(methods: rules.map { shape.method(for: $0) }, prompts: prompts, profile: few)
    suite.evaluated = evaluated ?? TransformerSuite.evaluated(over: target, ErrorBudget(cases: suite.errorShares))
    return suite
  }

  private func lookupDraft(for target: TransformerModel) throws -> LoadedDraft {
    do {
      let draft = try lookup.model(vocabularySize: target.vocabularySize)
      return (.promptLookup(draft), DraftFingerprint(draft))
    } catch {
      throw failure(.badData, error)
    }
  }

  /// A model and the bytes that it was read from.
  typealias LoadedDraft = (model: DraftModel, fingerprint: DraftFingerprint)
  typealias LoadedModel = (model: TransformerModel, fingerprint: ModelFingerprint)

  /// A model on one thread: decodings run side by side.
  private static func load(
    _ name: String, _ checkpoint: Checkpoint, precision: WeightPrecision, arithmetic: Arithmetic
  ) throws -> LoadedModel {
    do throws(CheckpointError) {
      // A path is its owner's: the certificate names its last part alone.
      let shown = name.split(separator: "/").last.map(String.init) ?? name
      var model = try TransformerModel(checkpoint, threads: 1, precision: precision, arithmetic: arithmetic)
      model.isInterrupted = { Interruption.isRequested }
      return (model, ModelFingerprint(checkpoint, name: shown, precision: precision))
    } catch {
      throw failure(.badData, error)
    }
  }

  /// States in the fingerprints how both models compute, where that is fast, and how far it is from deterministic.
  func stateArithmetic(
    of target: inout (model: TransformerModel, fingerprint: ModelFingerprint), _ draft: inout LoadedDraft,
    _ models: ModelOptions, over suite: TransformerSuite, seed: UInt64
  ) throws {
    guard precisions.chosenArithmetic == .fast, let model else { return }
    let prompts = suite.prompts.map(\.tokens)
    func state(_ name: String, _ precision: WeightPrecision, _ fast: TransformerModel, in print: inout ModelFingerprint)
      throws
    {
      let checkpoint = try TransformerOptions.checkpoint(name).limited(toVocabulary: fast.vocabularySize)
      let deterministic = try TransformerOptions.load(checkpoint, name, threads: 1, precision: precision)
      print.arithmetic = Arithmetic.fast.rawValue
      print.difference = try ArithmeticDifference(of: fast, from: deterministic, over: prompts, seed: seed)
    }
    try state(model, precisions.target, target.model, in: &target.fingerprint)
    if case .transformer(let fast) = draft.model, case .transformer(var print) = draft.fingerprint,
      let name = models.draft
    {
      try state(name, precisions.draft, fast, in: &print)
      draft.fingerprint = .transformer(print)
    }
  }
}
