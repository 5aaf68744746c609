import ArgumentParser
import Certification
import Foundation
import Reports
import SpeculativeDecoding

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this build on this machine.",
    subcommands: [Toy.self, BenchProof.self, BenchTokenizer.self, BenchModel.self, BenchRound.self])

  struct Toy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rounds a second of every rule on toy models.", usage: "rsd bench toy <options>",
      discussion: "Figures drift with the machine: compare ratios within one run, not runs.")

    @Option(
      help: NumberLimit.vocabularies.help("Vocabularies, such as 4,16,64", "16 by default", valueName: "sizes"),
      transform: NumberLimit.vocabularies.list)
    var vocabulary = IntegerList([16])

    @Option(
      help: NumberLimit.threadCounts.help("Numbers of threads", "1,2 by default", valueName: "numbers"),
      transform: NumberLimit.threadCounts.list)
    var threads = IntegerList([1, 2])

    @Option(
      help: NumberLimit.seconds.help("Seconds for each figure", valueName: "s", standard: 0.5),
      transform: NumberLimit.seconds.real)
    var seconds = 0.5

    @Flag(help: "Print a list of JSON objects.")
    var json = false

    func run() async throws {
      let methods = Rule.all.map(\.standardMethod)
      var figures: [ToyBenchmark.Figure] = []
      if !json { Output.line(Self.row(Self.titles)) }
      for size in vocabulary.values {
        for method in methods {
          for scalar in ToyBenchmark.ScalarName.allCases {
            for count in threads.values {
              let figure = try await explainingErrors {
                try await ToyBenchmark.measure(
                  method, vocabulary: size, scalar: scalar, threads: count, seconds: seconds)
              }
              figures.append(figure)
              if !json { Output.line(Self.row(figure)) }
            }
          }
        }
      }
      if json { Output.write(try StableJSON.encode(figures)) }
    }

    private static let titles = [
      "rule", "shape", "V", "scalar", "threads", "rounds/s", "tokens/s", "peak memory",
    ]

    private static func row(_ figure: ToyBenchmark.Figure) -> String {
      row([
        figure.rule, figure.shape.isEmpty ? "–" : figure.shape, "\(figure.vocabulary)", figure.scalar,
        "\(figure.threads)", String(format: "%.2f M", figure.roundsPerSecond / 1e6),
        String(format: "%.2f M", figure.tokensPerSecond / 1e6), "\(figure.peakMemoryBytes >> 20) MB",
      ])
    }

    private static func row(_ texts: [String]) -> String {
      zip(texts, [14, 5, 4, 6, 7, 8, 8, 11]).enumerated().map { index, cell in
        Terminal.padded(cell.0, to: cell.1, right: index == 2 || index > 3)
      }.joined(separator: "  ")
    }
  }
}
