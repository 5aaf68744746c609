import ArgumentParser
import Certification
import CertificationTransformers
import Foundation
import Generation
import SpeculativeDecoding

/// Several rules or shapes over the same prompts, instead of one text.
struct ComparisonOptions: ParsableArguments {
  @Flag(help: "Compare plain decoding and every rule at one target budget, with confidence intervals.")
  var compare = false

  @Flag(help: "Try shapes of every rule, or of --rule, and name the fastest on this machine.")
  var sweep = false

  @Option(
    help: ArgumentHelp(
      "Drafted tokens that the target evaluates a round (--compare), \(NumberLimit.budget.text); 6 by default. auto, for a text or --sweep, takes the "
        + "shapes that promise most tokens a second, by measuring passes and acceptance first. auto:31 surveys all rounds of "
        + "trees of 31 tokens (or 16, 12, 6), whatever their time.",
      valueName: "n|auto"), transform: Budget.init(argument:))
  var budget: Budget?

  @Option(
    help: NumberLimit.texts.help("Texts of each rule or finalist, of --tokens each", "16 by default", valueName: "n"),
    transform: NumberLimit.texts.whole)
  var texts: Int?

  /// A target budget, or how to come by one.
  enum Budget: Equatable {
    case tokens(Int)
    /// By measurement, of a tree of so many drafted tokens where that is not to depend on time.
    case auto(surveyed: Int?)

    @Sendable init(argument: String) throws {
      if argument == "auto" {
        self = .auto(surveyed: nil)
      } else if argument.hasPrefix("auto:") {
        guard let size = Int(argument.dropFirst("auto:".count)), BudgetChoice.surveySizes.contains(size) else {
          let sizes = BudgetChoice.surveySizes.map { "auto:\($0)" }.joined(separator: ", ")
          throw ValidationError("--budget \(argument) is no size that is surveyed; these are \(sizes)")
        }
        self = .auto(surveyed: size)
      } else {
        guard argument.wholeMatch(of: /[+-]?[0-9]+/) != nil else {
          throw ValidationError(
            "--budget \(argument) is neither a number nor auto; it must be \(NumberLimit.budget.text), auto, or auto:31"
          )
        }
        self = .tokens(try NumberLimit.budget.whole(argument))
      }
    }
  }

  var isGiven: Bool { compare || sweep }

  /// Whether a single text's shape is chosen by measurement.
  var choosesShape: Bool { !isGiven && isAutomatic }

  /// Drafted tokens of the tree to be surveyed, where they are given.
  var surveyed: Int? {
    if case .auto(let size) = budget { return size }
    return nil
  }

  private var isAutomatic: Bool {
    if case .auto = budget { return true }
    return false
  }

  private var tokensOfBudget: Int? {
    if case .tokens(let tokens) = budget { return tokens }
    return nil
  }

  func validate() throws {
    if compare, sweep { throw ValidationError("--compare and --sweep are two runs; leave one out") }
    if tokensOfBudget != nil, !compare {
      throw ValidationError("--budget with a number is for --compare; add it, or let --budget auto choose")
    }
    if isAutomatic, compare {
      throw ValidationError("--budget auto chooses shapes, and --compare holds rules at one budget; give it a number")
    }
    if texts != nil, !isGiven { throw ValidationError("--texts is for --compare and --sweep; add one") }
  }

  /// Refuses options that would be left out without a word.
  func requireUse(of shape: ShapeOptions, _ prompt: PromptOptions, rule: Rule?) throws {
    if !isGiven {
      if prompt.prompts != nil { throw ValidationError("--prompts is for --compare and --sweep; add one, or --prompt") }
      if choosesShape, let option = shape.given.first {
        throw ValidationError("\(option) is chosen by --budget auto; leave one of them out")
      }
      if choosesShape, rule == .autoregressive {
        throw ValidationError("autoregressive has no shape to choose; leave --budget auto out")
      }
      return
    }
    if let option = shape.given.first {
      throw ValidationError("\(option) is chosen by --\(compare ? "compare" : "sweep"); leave one of them out")
    }
    if compare, let rule { throw ValidationError("--compare runs every rule; leave --rule \(rule) out") }
    if rule == .autoregressive { throw ValidationError("autoregressive has no shape to sweep; leave --rule out") }
  }

  /// The input of both runs.
  struct Input {
    var pair: TransformerPair
    var prompts: [[Token]]
    var tokens: Int
    var seed: UInt64
    var models: TransformerOptions
    var json: Bool
  }

  func run(_ input: Input, rule: Rule?) async throws {
    let line = ProgressLine()
    let observer = MethodComparison.Observer(
      isInterrupted: { Interruption.isRequested },
      progress: { finished, all, method in line.show(finished: finished, of: all, "\(method.rule) \(method.shape)") })
    let texts = texts ?? 16
    if compare {
      let design = MethodComparison.Design(
        budget: tokensOfBudget ?? 6, texts: texts, tokens: input.tokens, seed: input.seed, prompts: input.prompts)
      let report = try await explainingErrors { try MethodComparison(input.pair, design).run(observer) }
      line.clear()
      if input.json {
        Output.write(try StableJSON.encode(report))
      } else {
        Output.line(ComparisonTable.text(report, input.models))
      }
    } else {
      var design = ShapeSweep.Design(
        rules: rule.map { [$0] } ?? [], texts: texts, tokens: input.tokens, seed: input.seed,
        prompts: input.prompts)
      if isAutomatic {
        design.choice = try await explainingErrors {
          try BudgetChoice(
            for: input.pair, rules: design.rules, prompt: input.prompts[0], seed: input.seed, surveying: surveyed)
        }
      }
      let report = try await explainingErrors { try ShapeSweep(input.pair, design).run(observer) }
      line.clear()
      if input.json {
        Output.write(try StableJSON.encode(report))
      } else {
        Output.line(ComparisonTable.text(report, input.models))
      }
    }
    if Interruption.isRequested { throw ExitStatus.interrupted.code }
  }
}
