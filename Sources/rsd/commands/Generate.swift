import ArgumentParser
import Certification
import Foundation
import Generation
import SpeculativeDecoding
import Tokenizers

struct Generate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write text with a transformer and its draft; compare rules, and find the fastest shape.",
    usage: "rsd generate <options>",
    discussion: """
      The text goes to stdout as it is decoded, alone; a closing line with the rates goes to stderr. The text has the \
      law of the target under the sampling profile, whatever the rule; it follows from the seed and depends on no \
      number of threads.

      Exit status: 0 done, 130 interrupted (Ctrl-C), which ends the text and states the rates so far.
      """)

  @OptionGroup(title: "Models") var models: TransformerOptions
  @OptionGroup(title: "Prompt") var prompt: PromptOptions

  @Option(help: "The rule; rsd-s by default, and all rules in --compare and --sweep.")
  var rule: Rule?

  @OptionGroup(title: "Shape") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (of both models)") var profile: ProfileOptions

  @Option(
    help: NumberLimit.tokens.help("Tokens to decode at most", valueName: "n", standard: 200),
    transform: NumberLimit.tokens.whole)
  var tokens = 200

  @OptionGroup var ends: EndTokenOptions

  @Flag(help: "Print special tokens by their names; they are left out by default.")
  var showSpecial = false

  @Option(
    help: NumberLimit.seed.help("The seed, which decides the text", "0 by default", valueName: "n"),
    transform: NumberLimit.seed.seed)
  var seed: UInt64?

  @Flag(help: "Take the seed from the system once, and print it.")
  var varySeed = false

  @OptionGroup(title: "Comparisons") var comparison: ComparisonOptions

  @Flag(help: "Print one JSON object at the end, with tokens, text, counts and rates, instead of the text.")
  var json = false

  func validate() throws {
    if seed != nil, varySeed { throw ValidationError("--seed and --vary-seed exclude each other") }
    try comparison.requireUse(of: shape, prompt, rule: rule)
    if !comparison.isGiven { try shape.requireUse(by: [chosenRule]) }
    try models.requireDraft(for: chosenRule)
  }

  private var chosenRule: Rule { rule ?? .rsdS }

  func run() async throws {
    var (pair, tokenizer) = try models.pair(for: chosenRule, profile: try profile.profile(), ends: ends)
    let prompts = try prompt.tokens(for: &pair, tokenizer, model: models.targetName, ignoreEnd: ends.replacesModels)
    let seed = Self.chooseSeed(seed, varySeed: varySeed)
    Interruption.begin()
    if comparison.isGiven {
      return try await comparison.run(
        .init(pair: pair, prompts: prompts, tokens: tokens, seed: seed, models: models, json: json), rule: rule)
    }
    var method = shape.method(for: chosenRule)
    var choice: BudgetChoice?
    if comparison.choosesShape {
      let found = try await explainingErrors {
        try BudgetChoice(
          for: pair, rules: [method.rule], prompt: prompts[0], seed: seed, surveying: comparison.surveyed)
      }
      (choice, method) = (found, found.chosen.method)
      StandardError.write(ChoiceRecord(found).line)
    }
    var record = try await explainingErrors {
      try write(pair, tokenizer, by: method, from: prompts[0], seed: seed)
    }
    record.choice = choice.map { ChoiceRecord($0) }
    if json {
      Output.write(try StableJSON.encode(record))
    } else {
      StandardError.write(record.closing)
    }
    if Interruption.isRequested { throw ExitStatus.interrupted.code }
  }

  /// Decodes, and passes text on as it comes.
  private func write(
    _ pair: TransformerPair, _ tokenizer: (any Tokenizer)?, by method: DecodingMethod, from prompt: [Token],
    seed: UInt64
  ) throws -> GenerationRecord {
    let clock = ContinuousClock()
    let start = clock.now
    var generation = try Generation(of: pair, by: method, from: prompt, maximum: tokens, seed: seed)
    let begun = clock.now
    var writer = json ? nil : TextWriter(tokenizer, showsSpecial: showSpecial)
    defer { writer?.finish() }
    while generation.end == nil, !Interruption.isRequested, !Output.hasFailed {
      do throws(SpeculativeDecodingError) {
        let tokens = try generation.next()
        writer?.write(tokens)
      } catch {
        // The tokens so far remain.
        guard case .interrupted = error, Interruption.isRequested else { throw error }
      }
    }
    let ended = clock.now
    return GenerationRecord(
      generation, of: pair, models, prompt: prompt, tokenizer, seed: seed,
      promptSeconds: start.duration(to: begun) / .seconds(1), seconds: begun.duration(to: ended) / .seconds(1))
  }

  private static func chooseSeed(_ given: UInt64?, varySeed: Bool) -> UInt64 {
    varySeed ? SystemSeed.take() : given ?? 0
  }
}
