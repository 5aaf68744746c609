import ArgumentParser
import Checkpoints
import Transformer

/// To what the weights of a target and a draft are rounded, and how both compute.
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

  @Option(
    help: ArgumentHelp(
      "deterministic, with the same bits on every machine, or fast, with fused multiply-adds, of both models; "
        + "deterministic by default.",
      valueName: "arithmetic"))
  var arithmetic: Arithmetic?

  /// The target's.
  var target: WeightPrecision { precision ?? .stored }

  /// The draft's.
  var draft: WeightPrecision { draftPrecision ?? .stored }

  /// Of both models.
  var chosenArithmetic: Arithmetic { arithmetic ?? .deterministic }

  /// The options that were given.
  var given: [String] {
    [
      precision.map { _ in "--precision" }, draftPrecision.map { _ in "--draft-precision" },
      arithmetic.map { _ in "--arithmetic" },
    ].compactMap { $0 }
  }
}

extension WeightPrecision: ExpressibleByArgument {}
extension Arithmetic: ExpressibleByArgument {}
