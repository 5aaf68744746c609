import ArgumentParser
import Certification
import EmbeddedModels
import Foundation
import Probability
import SpeculativeDecoding
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
  func requireDraft(for rule: RuleName) throws {
    guard draftName == nil, rule != .autoregressive else { return }
    throw ValidationError(
      "\(rule.rawValue) needs a draft model of the same vocabulary; add --draft, or decode without one by --rule "
        + "autoregressive")
  }

  /// Loads the pair.
  ///
  /// - Parameter rule: the draft is loaded only where this drafts.
  func pair(for rule: RuleName, profile: SamplingProfile, endTokens: [Token]?) throws -> TransformerPair {
    let arithmetic = precisions.chosenArithmetic
    let target = try Self.load(targetName, threads: threads, precision: precisions.target, arithmetic: arithmetic)
    var draft: DraftModel?
    if rule != .autoregressive, let draftName, draftName != LookupOptions.name {
      draft = .transformer(
        try Self.load(draftName, threads: threads, precision: precisions.draft, arithmetic: arithmetic))
    }
    do {
      if rule != .autoregressive, draftName == LookupOptions.name {
        draft = .promptLookup(try lookup.model(vocabularySize: target.vocabularySize))
      }
      return try TransformerPair(target: target, draft: draft, profile: profile, endTokens: endTokens)
    } catch {
      if case .vocabularyMismatch = error, let draftName {
        throw failure(.badData, "\(targetName) and \(draftName): \(error)")
      }
      throw failure(.badData, error)
    }
  }

  /// The tokenizer of the target, which must be the draft's; `nil` where its texts cannot be read.
  func tokenizer(of pair: TransformerPair) throws -> (any Tokenizer)? {
    let tokenizer = try tokenizers.tokenizer(of: targetName, vocabulary: pair.target.vocabularySize)
    if pair.draft != nil, let draftName { try tokenizers.requireSame(tokenizer, targetName, draft: draftName) }
    return tokenizer
  }

  /// A model by name, folder or GGUF file.
  static func load(
    _ name: String, threads: Int?, precision: WeightPrecision, arithmetic: Arithmetic = .deterministic
  ) throws -> TransformerModel {
    do {
      let checkpoint =
        if let embedded = EmbeddedModel(rawValue: name) {
          try embedded.checkpoint()
        } else {
          try Checkpoint.open(name)
        }
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
