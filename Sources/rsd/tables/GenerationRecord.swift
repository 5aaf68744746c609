import Checkpoints
import Foundation
import Generation
import JSONText
import Probability
import SpeculativeDecoding
import Tokenizers
import Transformer

/// A text and how it was decoded, as `--json` prints it.
struct GenerationRecord: Encodable {
  struct Profile: Encodable {
    var temperature: Double
    var topK: Int
    var topP: Double
    var minP: Double

    init(_ profile: SamplingProfile) {
      (temperature, topK) = (profile.temperature, profile.topK)
      (topP, minP) = (profile.topP, profile.minP)
    }
  }

  /// The parameters of prompt look-up.
  struct Lookup: Encodable {
    var order: Int
    /// A fraction.
    var discount: String
  }

  var model: String
  /// To what the target's matrices were rounded; absent where they are as stored.
  var precision: String?
  /// Absent where the rule drafts nothing.
  var draft: String?
  /// Absent where the draft is a transformer.
  var promptLookup: Lookup?
  /// To what the draft's matrices were rounded; absent where they are as stored.
  var draftPrecision: String?
  /// How both models computed; absent where deterministically.
  var arithmetic: String?
  var rule: String
  var shape: String
  var profile: Profile
  var seed: UInt64
  var threads: Int
  /// The prompt's tokens, the begin token included.
  var prompt: [Token]
  var tokens: [Token]
  /// Absent where the model has no tokenizer that is read.
  var text: String?
  /// "maximum", "end-token", "context" or "interrupted".
  var end: String
  /// The token that ended the text; absent where something else did.
  var endToken: Token?
  /// Its name, or its text; absent where the model has no tokenizer that is read.
  var endTokenText: String?
  /// After how many tokens the draft's context was full, where the text went on without it.
  var draftEnd: Int?
  var rounds: Int
  var draftedTokens: Int
  var acceptedTokens: Int
  /// How many rounds accepted 0, 1, … tokens.
  var acceptedLengths: [Int]
  var acceptance: Double
  var levelAcceptance: [Double]
  var blockEfficiency: Double
  /// The draft's parameters over the target's; 0 for a draft without any.
  var sizeRatio: Double
  var memoryBoundSpeedUp: Double
  var promptSeconds: Double
  /// Of decoding, without the prompt and without loading.
  var seconds: Double
  var tokensPerSecond: Double

  /// Why the shape was taken; absent where it was given.
  var choice: ChoiceRecord?

  /// The most tokens that the target continues, for the closing line.
  private var contextLimit: Int

  init(
    _ generation: Generation, of pair: TransformerPair, _ models: TransformerOptions, prompt: [Token],
    _ tokenizer: (any Tokenizer)?, seed: UInt64, promptSeconds: Double, seconds: Double
  ) {
    let diagnostics = generation.diagnostics
    model = models.targetName
    draft = pair.draft == nil ? nil : models.draftName
    if case .promptLookup(let lookup) = pair.draft {
      promptLookup = Lookup(order: lookup.order, discount: lookup.discount.description)
    }
    precision = pair.target.precision == .stored ? nil : pair.target.precision.rawValue
    if case .transformer(let draft) = pair.draft, draft.precision != .stored {
      draftPrecision = draft.precision.rawValue
    }
    arithmetic = pair.target.arithmetic == .deterministic ? nil : pair.target.arithmetic.rawValue
    (rule, shape) = (generation.method.rule.name, generation.method.shape.text)
    profile = Profile(pair.profile)
    (self.seed, threads) = (seed, pair.target.threads)
    (self.prompt, tokens, text) = (prompt, generation.tokens, tokenizer?.decode(generation.tokens))
    end = generation.end?.rawValue ?? "interrupted"
    endToken = generation.endToken
    if let endToken, let tokenizer { endTokenText = String(decoding: tokenizer.bytes(of: endToken), as: UTF8.self) }
    draftEnd = generation.draftEnd
    (rounds, draftedTokens) = (diagnostics.rounds, diagnostics.draftedTokens)
    (acceptedTokens, acceptedLengths) = (diagnostics.acceptedTokens, diagnostics.acceptedLengths)
    (acceptance, levelAcceptance) = (diagnostics.acceptance, diagnostics.levelAcceptance)
    blockEfficiency = diagnostics.blockEfficiency
    sizeRatio = pair.sizeRatio
    memoryBoundSpeedUp = diagnostics.memoryBoundSpeedUp(
      sizeRatio: pair.sizeRatio, draftLength: generation.method.draftLength)
    (self.promptSeconds, self.seconds) = (promptSeconds, seconds)
    tokensPerSecond = seconds > 0 ? Double(tokens.count) / seconds : 0
    contextLimit = pair.target.contextLimit
  }

  /// The decoding's figures, for a person; one line, and one more for each thing that shortened the text.
  var closing: String {
    let name = shape.isEmpty ? rule : "\(rule) \(shape)"
    var text =
      "\(name), seed \(seed): \(tokens.count) tokens in \(Self.number(seconds, 2)) s, "
      + "\(Self.number(tokensPerSecond, 0)) tokens/s, block efficiency \(Self.number(blockEfficiency, 2)), "
      + "MBSU \(Self.number(memoryBoundSpeedUp, 2)), acceptance \(Self.number(acceptance, 3))\n"
    if let draftEnd {
      text += "The draft's context was full after \(draftEnd) tokens; from there on the target decoded alone.\n"
    }
    switch end {
    case "context":
      text += "The text ends because the context of \(model), \(contextLimit) tokens, is full.\n"
    case "end-token":
      let name = endTokenText.map { ", \"\($0.oneLine(limit: 48))\"" } ?? ""
      text += "The text ends with the end token \(endToken ?? 0)\(name).\n"
    case "interrupted": text += "The text ends because it was interrupted.\n"
    default: break
    }
    return text
  }

  private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

  private enum CodingKeys: String, CodingKey {
    case model, precision, draft, promptLookup, draftPrecision, arithmetic, rule, shape, profile, seed, threads, prompt,
      tokens
    case text, end, endToken, endTokenText, draftEnd, rounds, draftedTokens
    case acceptedTokens, acceptedLengths, acceptance, levelAcceptance, blockEfficiency, sizeRatio, memoryBoundSpeedUp
    case promptSeconds, seconds, tokensPerSecond, choice
  }
}
