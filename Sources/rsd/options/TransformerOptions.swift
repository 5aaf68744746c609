import ArgumentParser
import Certification
import Checkpoints
import EmbeddedModels
import Foundation
import Generation
import Probability
import SpeculativeDecoding
import Tokenizers
import Transformer

/// A target and a draft: folders, GGUF files, or names of the embedded models; the embedded pair where none is given.
struct TransformerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The target: a Hugging Face folder, a GGUF file, or \(EmbeddedModel.kingJamesTarget.name), which is embedded, as is its draft, "
        + "\(EmbeddedModel.kingJamesDraft.name); the embedded pair by default.",
      valueName: "model"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The draft, of the same vocabulary; or \(LookupOptions.name), the n-grams of the text so far.", valueName: "model"
    ))
  var draft: String?

  @OptionGroup var lookup: LookupOptions
  @OptionGroup var precisions: PrecisionOptions

  @OptionGroup var tokenizers: TokenizerOptions

  @Option(
    help: NumberLimit.threads.help(
      "Threads", "one a processor by default. Never changes the text", valueName: "n"),
    transform: NumberLimit.threads.whole)
  var threads: Int?

  func validate() throws {
    if model == nil, let draft, draft != LookupOptions.name {
      throw ValidationError("--draft goes with a target; add --model")
    }
    try lookup.requireUse(by: draft)
    if draftName == nil, precisions.draftPrecision != nil {
      throw ValidationError("--draft-precision goes with a draft; add --draft, such as the target again")
    }
  }

  /// The name or folder of the target.
  var targetName: String { model ?? EmbeddedModel.kingJamesTarget.name }

  /// The name or folder of the draft; `nil` where a target was given alone.
  var draftName: String? { draft ?? (model == nil ? EmbeddedModel.kingJamesDraft.name : nil) }

  /// The draft in a table's title.
  var shownDraft: String {
    guard draftName == LookupOptions.name else { return draftName ?? "no draft" }
    return "\(LookupOptions.name) of order \(lookup.lookupOrder ?? PromptLookup<Float>.defaultOrder)"
  }

  /// Refuses a rule that drafts where there is no draft.
  func requireDraft(for rule: Rule) throws {
    guard draftName == nil, rule != .autoregressive else { return }
    throw ValidationError(
      "\(rule) needs a draft model of the same vocabulary; add --draft, or decode without one by --rule "
        + "autoregressive")
  }

  /// Loads the pair over the tokens of the target's tokenizer, which is `nil` where its texts cannot be read.
  ///
  /// - Parameters:
  ///   - rule: the draft is loaded only where this drafts.
  ///   - ends: where a text ends; `nil` for nowhere.
  func pair(
    for rule: Rule, profile: SamplingProfile, ends: EndTokenOptions?
  ) throws -> (pair: TransformerPair, tokenizer: (any Tokenizer)?) {
    let arithmetic = precisions.chosenArithmetic
    let drafting = rule == .autoregressive || draftName == LookupOptions.name ? nil : draftName
    let checkpoints = (try Self.checkpoint(targetName), try drafting.map { ($0, try Self.checkpoint($0)) })
    let vocabulary = try PairVocabulary(of: (targetName, checkpoints.0), draft: checkpoints.1, tokenizers)
    let target = try Self.load(
      vocabulary.limited(checkpoints.0), targetName, threads: threads, precision: precisions.target,
      arithmetic: arithmetic)
    var draft: DraftModel?
    if let (name, checkpoint) = checkpoints.1 {
      draft = .transformer(
        try Self.load(
          vocabulary.limited(checkpoint), name, threads: threads, precision: precisions.draft, arithmetic: arithmetic))
    }
    let endTokens = try ends?.tokens(
      configured: target.configuration.endTokens, vocabulary.tokenizer, vocabulary: target.vocabularySize,
      model: targetName)
    do throws(SpeculativeDecodingError) {
      if rule != .autoregressive, draftName == LookupOptions.name {
        draft = .promptLookup(try lookup.model(vocabularySize: target.vocabularySize))
      }
      let pair = try TransformerPair(target: target, draft: draft, profile: profile, endTokens: endTokens ?? [])
      return (pair, vocabulary.tokenizer)
    } catch {
      if case .vocabularyMismatch = error, let draftName {
        throw failure(.badData, "\(targetName) and \(draftName): \(error)\(Self.paddingAdvice)")
      }
      throw failure(.badData, error)
    }
  }

  /// The advice for two tables that may differ in their padding alone.
  static let paddingAdvice = "; if only the padding of their tables differs, name their tokenizer by --tokenizer"

  /// The checkpoint of a name, a folder or a GGUF file.
  static func checkpoint(_ name: String) throws -> Checkpoint {
    do {
      return if let embedded = EmbeddedModel(rawValue: name) {
        try embedded.checkpoint()
      } else {
        try Checkpoint.open(name)
      }
    } catch {
      throw failure(.badData, error)
    }
  }

  /// A model by name, folder or GGUF file, with all rows of its tables.
  static func load(
    _ name: String, threads: Int?, precision: WeightPrecision, arithmetic: Arithmetic = .deterministic
  ) throws -> TransformerModel {
    try load(checkpoint(name), name, threads: threads, precision: precision, arithmetic: arithmetic)
  }

  /// The model of a checkpoint.
  static func load(
    _ checkpoint: Checkpoint, _ name: String, threads: Int?, precision: WeightPrecision,
    arithmetic: Arithmetic = .deterministic
  ) throws -> TransformerModel {
    do {
      let line = ProgressLine()
      defer { line.clear() }
      var model = try TransformerModel(
        checkpoint, threads: threads ?? Machine.processorCount, precision: precision, arithmetic: arithmetic
      ) { packed, all in line.show(finished: packed, of: all, "loading \(name)") }
      model.isInterrupted = { Interruption.isRequested }
      return model
    } catch {
      throw failure(.badData, error)
    }
  }
}
