import ArgumentParser
import Certification
import Foundation
import SpeculativeDecoding

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this build on this machine.", subcommands: [Toy.self, BenchProof.self])

  struct Toy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Rounds a second of every rule on toy models.",
      discussion: "Figures drift with the machine: compare ratios within one run, not runs.")

    @Option(help: "Vocabularies, such as 4,16,64.")
    var vocabulary = IntegerList([16])

    @Option(help: "Numbers of threads, such as 1,2.")
    var threads = IntegerList(Machine.processorCount > 1 ? [1, 2] : [1])

    @Option(help: "Seconds for each figure.")
    var seconds = 0.5

    @Flag(help: "Print a list of JSON objects.")
    var json = false

    func validate() throws {
      guard vocabulary.values.allSatisfy({ (1...4096).contains($0) }) else {
        throw ValidationError("--vocabulary takes sizes from 1 to 4096.")
      }
      guard threads.values.allSatisfy({ $0 >= 1 }) else { throw ValidationError("--threads must be at least 1.") }
      guard seconds > 0, seconds.isFinite else { throw ValidationError("--seconds must be above 0.") }
    }

    func run() async throws {
      let methods: [DecodingMethod] = [
        .autoregressive, .speculative(depth: 2), .specInfer(branching: [2, 2]), .specTr(width: 2, depth: 2),
        .rsdC(branching: [2, 2]), .rsdS(width: 2, depth: 2),
      ]
      var figures: [ToyBenchmark.Figure] = []
      if !json { print("rule            shape     V  scalar  threads   rounds/s    tokens/s   peak memory") }
      for size in vocabulary.values {
        for method in methods {
          for scalar in ToyBenchmark.ScalarName.allCases {
            for count in threads.values {
              let figure = try await explainingErrors {
                try await ToyBenchmark.measure(
                  method, vocabulary: size, scalar: scalar, threads: count, seconds: seconds)
              }
              figures.append(figure)
              if !json { print(Self.row(figure)) }
            }
          }
        }
      }
      if json { FileHandle.standardOutput.write(try StableJSON.encode(figures)) }
    }

    private static func row(_ figure: ToyBenchmark.Figure) -> String {
      let words = [
        Terminal.padded(figure.rule, to: 14), Terminal.padded(figure.shape, to: 5),
        Terminal.padded("\(figure.vocabulary)", to: 5, right: true), Terminal.padded(figure.scalar, to: 6),
        Terminal.padded("\(figure.threads)", to: 7, right: true),
        Terminal.padded(String(format: "%.2f M", figure.roundsPerSecond / 1e6), to: 9, right: true),
        Terminal.padded(String(format: "%.2f M", figure.tokensPerSecond / 1e6), to: 10, right: true),
        Terminal.padded("\(figure.peakMemoryBytes >> 20) MB", to: 12, right: true),
      ]
      return words.joined(separator: "  ")
    }
  }
}
