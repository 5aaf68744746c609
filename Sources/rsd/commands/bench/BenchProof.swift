import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct BenchProof: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proof",
    abstract: "Choices a second of the enumeration in exact fractions, V = 3, one thread.",
    discussion: "Figures drift with the machine: compare ratios within one run, not runs.")

  @Option(
    help: NumberLimit.seconds.help("Seconds for each figure", valueName: "s", standard: 0.5),
    transform: NumberLimit.seconds.real)
  var seconds = 0.5

  @Flag(help: "Print a list of JSON objects.")
  var json = false

  func run() async throws {
    let methods = Rule.allThatDraft.map(\.standardMethod)
    let figures = try await explainingErrors {
      try methods.map { try ProofBenchmark.measure($0, seconds: seconds) }
    }
    if json {
      Output.write(try StableJSON.encode(figures))
      return
    }
    Output.line("rule       shape  V   choices/s  branches/s")
    for figure in figures {
      let words = [
        Terminal.padded(figure.rule, to: 9), Terminal.padded(figure.shape, to: 5), "\(figure.vocabulary)",
        Terminal.padded(String(format: "%.2f M", figure.choicesPerSecond / 1e6), to: 10, right: true),
        Terminal.padded(String(format: "%.2f M", figure.branchesPerSecond / 1e6), to: 10, right: true),
      ]
      Output.line(words.joined(separator: "  "))
    }
  }
}
