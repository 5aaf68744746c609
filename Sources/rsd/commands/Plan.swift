import ArgumentParser
import Certification
import Foundation
import Statistics

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plan a chi-square test: the samples that an effect needs, or the effect that samples find.",
    usage: "rsd plan (--effect <w> | --samples <n>) --df <k> [<options>]",
    discussion: """
      An effect is Cohen's w = √Σ(q′ − q)²/q of the wrong law q′ against the right law q; twice the total variation is \
      at most w. With --effect it prints the fewest samples, with --samples the smallest effect, at which a law that is \
      wrong by the effect passes at most with the false-pass rate.
      """)

  @Option(
    help: NumberLimit.effect.help("The effect to find", "prints the samples", valueName: "w"),
    transform: NumberLimit.effect.real)
  var effect: Double?

  @Option(
    help: NumberLimit.samplesOfPlan.help("The samples to take", "prints the smallest effect found", valueName: "n"),
    transform: NumberLimit.samplesOfPlan.whole)
  var samples: Int?

  @Option(
    help: NumberLimit.degreesOfFreedom.help("Degrees of freedom: cells less one", valueName: "k"),
    transform: NumberLimit.degreesOfFreedom.whole)
  var df: Int

  @Option(
    help: NumberLimit.falseFail.help("The probability that a right law fails", valueName: "rate", standard: 1e-6),
    transform: NumberLimit.falseFail.real)
  var falseFail = 1e-6

  @Option(
    help: NumberLimit.falsePass.help(
      "The probability that a law wrong by the effect passes", valueName: "rate", standard: 1e-6),
    transform: NumberLimit.falsePass.real)
  var falsePass = 1e-6

  @Flag(help: "Print a JSON object.")
  var json = false

  func validate() throws {
    guard (effect == nil) != (samples == nil) else {
      throw ValidationError("give either --effect or --samples: the other is what is planned")
    }
    guard falseFail + falsePass < 1 else {
      throw ValidationError("--false-fail and --false-pass must sum to less than 1; beyond, no sample is needed")
    }
    // Only the arguments together can be out of reach by now.
    do { _ = try plan() } catch { throw ValidationError("\(error)") }
  }

  /// A plan as programs read it.
  private struct Document: Encodable {
    var degreesOfFreedom: Int
    var effect: Double
    var falseFail: Double
    var falsePass: Double
    var samples: Int
  }

  func run() throws {
    let document = try plan()
    if json {
      Output.write(try StableJSON.encode(document))
    } else {
      Output.line(effect == nil ? "\(document.effect)" : "\(document.samples)")
    }
  }

  private func plan() throws(StatisticsError) -> Document {
    var document = Document(
      degreesOfFreedom: df, effect: effect ?? 0, falseFail: falseFail, falsePass: falsePass, samples: samples ?? 0)
    if let effect {
      document.samples = try PowerDesign.samples(
        effect: effect, degreesOfFreedom: df, falseFail: falseFail, falsePass: falsePass)
    } else if let samples {
      document.effect = try PowerDesign.smallestDetectableEffect(
        samples: samples, degreesOfFreedom: df, falseFail: falseFail, falsePass: falsePass)
    }
    return document
  }
}
