import ArgumentParser
import Transformer

/// To what the weights of a target and a draft are rounded.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Round the target's matrices when loading, to f32, bf16, or what blocks of q8_0 or q4_0 stand for; stored by "
        + "default.",
      valueName: "precision"))
  var precision: WeightPrecision?

  @Option(
    help: ArgumentHelp(
      "As --precision, of the draft, which may be the target's own file.", valueName: "precision"))
  var draftPrecision: WeightPrecision?

  /// The target's.
  var target: WeightPrecision { precision ?? .stored }

  /// The draft's.
  var draft: WeightPrecision { draftPrecision ?? .stored }

  /// The options that were given.
  var given: [String] {
    [precision.map { _ in "--precision" }, draftPrecision.map { _ in "--draft-precision" }].compactMap { $0 }
  }
}

extension WeightPrecision: ExpressibleByArgument {}
