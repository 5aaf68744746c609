import ArgumentParser
import Certification
import Foundation
import Probability
import SpeculativeDecoding

struct Exact: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the exact law of a decoder on your own models, in fractions.",
    discussion: """
      Runs the production decoder along every branch of its choices: the law of what one round emits, or of the \
      first H tokens with --length H. Exit status 0 where the law is the target's, 1 where it is not.
      """)

  @Option(help: "The rule to enumerate.")
  var rule: Rule

  @Option(
    help: NumberLimit.length.help("The law of the first n tokens, not of one round", valueName: "n"),
    transform: NumberLimit.length.whole)
  var length: Int?

  @OptionGroup(title: "Models") var models: ModelOptions
  @OptionGroup(title: "Shape") var shape: ShapeOptions
  @OptionGroup(title: "Sampling profile (temperature 0 or 1/n)") var profile: ProfileOptions

  @Flag(help: "Take each JSON number at the exact value of its double.")
  var asDoubles = false

  @Option(
    help: NumberLimit.branches.help(
      "The most branches to run", valueName: "branches", standard: EnumerationLimits.defaultBranches),
    transform: NumberLimit.branches.whole)
  var limit = EnumerationLimits.defaultBranches

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard models.isGiven else { throw ValidationError("--target and --draft name the models; add both") }
    try models.requirePair()
    try shape.requireUse(by: [rule])
  }

  func run() async throws {
    Interruption.beginWithNothingToSave()
    let exact = try await explainingErrors {
      guard let pair = try models.pair() else { throw CleanExit.helpRequest(self) }
      let instance = Instance(
        method: shape.method(for: rule), pair: pair, profile: try profile.profile(), profileName: "exact",
        length: length, endToken: models.endToken)
      let limits = EnumerationLimits(branches: limit) { _ in !Interruption.isRequested }
      do {
        return try ExactLaw(
          of: instance.decoder(takingDoubles: asDoubles), after: pair.prompt, length: length, limits: limits)
      } catch SpeculativeDecodingError.interrupted {
        throw failure(.interrupted, "interrupted before the law was complete")
      } catch let error as SpeculativeDecodingError {
        if case .enumerationLimit = error { throw failure(.inconclusive, "\(error) (--limit)") }
        throw error
      }
    }
    if json {
      Output.write(try StableJSON.encode(exact))
    } else {
      Output.line(text(exact))
    }
    if !exact.isLossless { throw ExitStatus.failed.code }
  }

  private func text(_ exact: ExactLaw) -> String {
    let rows = exact.law.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { ($0.key.map(String.init).joined(separator: " "), $0.value) }
    let what = length.map { "the first \($0) tokens" } ?? "what one round emits"
    let width = max(6, rows.map(\.0.count).max() ?? 0)
    var lines = [Terminal.colored("\(Terminal.padded("tokens", to: width))  probability", .bold)]
    lines += rows.map { tokens, value in
      "\(Terminal.padded(tokens, to: width))  \(value) (\(String(format: "%.6f", value.approximation)))"
    }
    let accepted = exact.acceptedLength.enumerated().map { "\($0.offset): \($0.element)" }.joined(separator: ", ")
    lines += [
      "",
      "Block efficiency \(exact.blockEfficiency) = \(String(format: "%.6f", exact.blockEfficiency.approximation)) tokens "
        + "a target evaluation; accepted \(accepted)",
      exact.isLossless
        ? "\(Terminal.colored("lossless", .green)): the law of \(what) is exactly the target's; "
          + "\(CertifyTable.grouped(exact.branches)) branches"
        : "\(Terminal.colored("NOT LOSSLESS", .red)): the law of \(what) is not the target's",
    ]
    return lines.joined(separator: "\n")
  }
}
