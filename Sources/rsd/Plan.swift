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

  @Option(help: ArgumentHelp("The effect to find; prints the samples.", valueName: "w"))
  var effect: Double?

  @Option(help: ArgumentHelp("The samples to take; prints the smallest effect found.", valueName: "n"))
  var samples: Int?

  @Option(help: ArgumentHelp("Degrees of freedom: cells less one.", valueName: "k"))
  var df: Int

  @Option(help: ArgumentHelp("The probability that a right law fails.", valueName: "rate"))
  var falseFail = 1e-6

  @Option(help: ArgumentHelp("The probability that a law wrong by the effect passes.", valueName: "rate"))
  var falsePass = 1e-6

  @Flag(help: "Print a JSON object.")
  var json = false

  /// With more, each of the many tails that a plan sums takes a second.
  private static let mostDegreesOfFreedom = 1_000_000
  /// With more, a sample's number leaves the integers that a double holds.
  private static let mostSamples = 1_000_000_000_000_000
  /// With less, the law's tails leave the doubles.
  private static let smallestRate = 1e-100

  func validate() throws {
    guard (effect == nil) != (samples == nil) else {
      throw ValidationError("give either --effect or --samples: the other is what is planned")
    }
    if let effect, !(effect > 0 && effect.isFinite) {
      throw ValidationError("--effect \(effect) is out of range; it must be above 0")
    }
    if let samples, !(1...Self.mostSamples).contains(samples) {
      throw ValidationError("--samples \(samples) is out of range; it must be 1 to \(Self.mostSamples)")
    }
    guard (1...Self.mostDegreesOfFreedom).contains(df) else {
      throw ValidationError("--df \(df) is out of range; it must be 1 to \(Self.mostDegreesOfFreedom)")
    }
    for (name, rate) in [("--false-fail", falseFail), ("--false-pass", falsePass)] {
      guard rate >= Self.smallestRate, rate < 1 else {
        throw ValidationError("\(name) \(rate) is out of range; it must be at least \(Self.smallestRate) and below 1")
      }
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
