import ArgumentParser
import Certification
import Checkpoints
import Foundation
import Generation
import SpeculativeDecoding
import Tokenizers
import Transformer

struct BenchRound: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "round",
    abstract: "Milliseconds of a round: the draft's passes, the target's, and each part of the decoder.",
    usage: "rsd bench round <options>",
    discussion: """
      Decodes texts as generate does, without their ends, and takes the mean over their rounds; the first of each text \
      is left out, for it warms memory up. The decoder is all that is not a model's pass: the sampling profile, drafting \
      from the laws, verification, and turning tokens into text. Figures drift with the machine: compare shares.
      """)

  @OptionGroup(title: "Models") var models: TransformerOptions
  @OptionGroup(title: "Prompt") var prompt: PromptOptions

  @Option(help: "The rule; rsd-s by default.")
  var rule = Rule.rsdS

  @OptionGroup(title: "Shape") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (of both models)") var profile: ProfileOptions

  @Option(help: NumberLimit.texts.help("Texts", valueName: "n", standard: 2), transform: NumberLimit.texts.whole)
  var texts = 2

  @Option(
    help: NumberLimit.tokensOfBenchmark.help("Tokens of a text", valueName: "n", standard: 100),
    transform: NumberLimit.tokensOfBenchmark.whole)
  var tokens = 100

  @Option(
    help: NumberLimit.seed.help("The seed of the texts", valueName: "n", standard: 0),
    transform: NumberLimit.seed.seed)
  var seed: UInt64 = 0

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if prompt.prompts != nil { throw ValidationError("--prompts is for generate; give one --prompt") }
    try shape.requireUse(by: [rule])
    try models.requireDraft(for: rule)
  }

  func run() async throws {
    var (pair, tokenizer) = try models.pair(for: rule, profile: try profile.profile(), ends: nil)
    let prompts = try prompt.tokens(for: &pair, tokenizer, model: models.targetName, ignoreEnd: true)
    let method = shape.method(for: rule)
    var text = tokenizer.map { StreamingText($0, isFirst: false) }
    Interruption.begin()
    let figures = try await explainingErrors {
      try RoundBenchmark(pair, method).run(
        texts: texts, tokens: tokens, from: prompts[0], seed: seed, isInterrupted: { Interruption.isRequested }
      ) { tokens in
        for token in tokens { _ = text?.append(token) }
      }
    }
    if figures.rounds == 0, Interruption.isRequested {
      throw failure(.interrupted, "interrupted before a round was timed")
    }
    if figures.rounds == 0 {
      throw failure(.badData, "no round was timed: a text's first is not; ask for more --tokens")
    }
    let report = RoundReport(figures, method, pair, models)
    if json { Output.write(try StableJSON.encode(report)) } else { Output.line(report.table) }
    if Interruption.isRequested { throw ExitStatus.interrupted.code }
  }
}

/// The figures as they are printed: milliseconds a round, and shares of it.
struct RoundReport: Encodable {
  struct Part: Encodable {
    let milliseconds, share: Double

    init(_ seconds: Double, _ figures: RoundBenchmark.Figures) {
      milliseconds = 1000 * seconds / Double(figures.rounds)
      share = seconds / figures.total
    }
  }

  let model: String
  let draft: String?
  let precision, draftPrecision: String?
  let arithmetic: Arithmetic
  let rule, shape: String
  let profile: GenerationRecord.Profile
  let threads, rounds: Int
  let tokensPerRound: Double
  /// Of a fork and join of the threads, of which a pass has several a layer.
  let forkNanoseconds: Double
  let draftPasses, targetPass, sampling, drafting, verification, text, decoder, round: Part

  init(
    _ figures: RoundBenchmark.Figures, _ method: DecodingMethod, _ pair: TransformerPair, _ models: TransformerOptions
  ) {
    model = models.targetName
    draft = pair.draft == nil ? nil : models.draftName
    precision = models.precisions.precision?.rawValue
    draftPrecision = models.precisions.draftPrecision?.rawValue
    arithmetic = pair.target.arithmetic
    (rule, shape) = (method.rule.name, method.shape.text)
    profile = .init(pair.profile)
    (threads, rounds) = (pair.target.threads, figures.rounds)
    tokensPerRound = Double(figures.tokens) / Double(figures.rounds)
    forkNanoseconds = ForkBenchmark.nanoseconds(threads: pair.target.threads)
    draftPasses = Part(figures.draft, figures)
    targetPass = Part(figures.target, figures)
    sampling = Part(figures.profile, figures)
    drafting = Part(figures.drafting, figures)
    verification = Part(figures.verification, figures)
    text = Part(figures.text, figures)
    decoder = Part(figures.decoder, figures)
    round = Part(figures.total, figures)
  }

  var table: String {
    let name = shape.isEmpty ? rule : "\(rule) \(shape)"
    let title =
      "\(name), \(rounds) rounds, \(String(format: "%.2f", tokensPerRound)) tokens a round, "
      + "\(threads) thread\(threads == 1 ? "" : "s")"
    let rows = [
      ("draft passes", draftPasses), ("target pass", targetPass), ("sampling profile", sampling),
      ("drafting", drafting), ("verification", verification), ("text", text), ("decoder, all four", decoder),
      ("round", round),
    ]
    var lines = [title, "", "                         ms    share"]
    for (name, part) in rows {
      let milliseconds = Terminal.padded(String(format: "%.3f", part.milliseconds), to: 8, right: true)
      let share = Terminal.padded(String(format: "%.2f %%", 100 * part.share), to: 7, right: true)
      lines.append("\(Terminal.padded(name, to: 17))  \(milliseconds)  \(share)")
    }
    if forkNanoseconds > 0 {
      lines += ["", String(format: "a fork and join of the threads: %.0f ns", forkNanoseconds)]
    }
    return lines.joined(separator: "\n")
  }
}
