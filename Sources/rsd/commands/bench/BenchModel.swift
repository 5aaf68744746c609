import ArgumentParser
import Certification
import Checkpoints
import Foundation
import Generation
import Reports
import SpeculativeDecoding
import Transformer

struct BenchModel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Milliseconds of a transformer's passes: decoding, verification of trees, a prompt.",
    usage: "rsd bench model --model <model> [<options>]",
    discussion: """
      On a cache of 128 tokens, the median of passes, each with the laws of all its tokens but the prompt's. The share \
      of the limits is that of the bytes of the weights, and of their multiply-adds, in what a loop that only reads, and \
      one that only multiplies, reach on this machine in the same run. Figures drift with the machine: compare ratios \
      within one run, not runs.
      """)

  @Option(
    help: ArgumentHelp(
      "The model: a Hugging Face folder, a GGUF file, or king-james-target or -draft.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Round the matrices when loading, to f32, bf16, or what blocks of q8_0 or q4_0 stand for.",
      valueName: "precision"))
  var precision = WeightPrecision.stored

  @Option(
    help: ArgumentHelp(
      "deterministic, with the same bits on every machine, or fast, with fused multiply-adds.",
      valueName: "arithmetic"))
  var arithmetic = Arithmetic.deterministic

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

  /// A figure as it is printed.
  private struct Row: Encodable {
    let kind: ModelBenchmark.Kind
    let precision: String
    let arithmetic: Arithmetic
    let threads, newTokens, passes: Int
    let milliseconds, tokensPerSecond, gigabytesPerSecond, gigaflops, memoryLimit, arithmeticLimit: Double
  }

  func run() async throws {
    try await explainingErrors {
      var rows: [Row] = []
      if !json { Output.line("what          tokens  threads        ms  tokens/s         GB/s      GFLOP/s") }
      for count in threads.values {
        let model = try TransformerOptions.load(model, threads: count, precision: precision, arithmetic: arithmetic)
        let benchmark = ModelBenchmark(model)
        let limits = MachineLimits.measure(threads: count)
        try benchmark.run(seconds: seconds) { figure in
          let row = row(figure, of: benchmark, limits, threads: count)
          rows.append(row)
          if !json { Output.line(Self.line(row)) }
        }
      }
      if json { Output.write(try StableJSON.encode(rows)) }
    }
  }

  private func row(
    _ figure: ModelBenchmark.Figure, of benchmark: ModelBenchmark, _ limits: MachineLimits, threads: Int
  ) -> Row {
    Row(
      kind: figure.kind, precision: precision.rawValue, arithmetic: arithmetic, threads: threads,
      newTokens: figure.newTokens, passes: figure.passes, milliseconds: 1000 * figure.seconds,
      tokensPerSecond: figure.tokensPerSecond,
      gigabytesPerSecond: Double(benchmark.weightBytes(figure.kind)) / figure.seconds / 1e9,
      gigaflops: 2 * Double(benchmark.multiplyAddsAToken(figure.kind) * figure.newTokens) / figure.seconds / 1e9,
      memoryLimit: limits.gigabytesPerSecond, arithmeticLimit: limits.gigaflops)
  }

  private static func line(_ row: Row) -> String {
    [
      Terminal.padded(row.kind.rawValue, to: 12), Terminal.padded("\(row.newTokens)", to: 6, right: true),
      Terminal.padded("\(row.threads)", to: 7, right: true),
      Terminal.padded(String(format: "%.2f", row.milliseconds), to: 8, right: true),
      Terminal.padded(String(format: "%.1f", row.tokensPerSecond), to: 8, right: true),
      share(row.gigabytesPerSecond, of: row.memoryLimit), share(row.gigaflops, of: row.arithmeticLimit),
    ].joined(separator: "  ")
  }

  private static func share(_ value: Double, of limit: Double) -> String {
    Terminal.padded(String(format: "%.1f (%.0f %%)", value, 100 * value / limit), to: 11, right: true)
  }
}
