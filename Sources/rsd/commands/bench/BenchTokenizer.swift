import ArgumentParser
import Certification
import Checkpoints
import Foundation
import SpeculativeDecoding
import Tokenizers

struct BenchTokenizer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer",
    abstract: "Megabytes of a text a second through a tokenizer, and the seconds to load it; one thread.",
    usage: "rsd bench tokenizer --model <model> --file <file> [<options>]",
    discussion: """
      The best of five runs over the whole text. Figures drift with the machine: compare ratios within one run, such as \
      that of Fixtures/tokenizers/speed.py.
      """)

  @Option(help: ArgumentHelp("A folder, a GGUF file, or a tokenizer.json.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("A file with text in UTF-8.", valueName: "file"))
  var file: String

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Figure: Encodable {
    let bytes, tokens: Int, loadSeconds, megabytesPerSecond: Double
  }

  func run() async throws {
    let text = try Files.text(file)
    if text.isEmpty { throw failure(.badData, "\(file): is empty; give a text to measure") }
    let figure = try await explainingErrors { try measure(text) }
    if json { return Output.write(try StableJSON.encode(figure)) }
    let speed = String(format: "%.1f MB/s", figure.megabytesPerSecond)
    let load = String(format: "%.0f ms to load", figure.loadSeconds * 1000)
    Output.line("\(figure.bytes) bytes, \(figure.tokens) tokens: \(speed), \(load)")
  }

  private func measure(_ text: String) throws -> Figure {
    let clock = ContinuousClock()
    let start = clock.now
    guard let description = try TokenizerDescription.open(model) else {
      throw failure(.badData, "\(model): holds no tokenizer")
    }
    let tokenizer = try PieceTokenizer(description)
    let load = start.duration(to: clock.now) / .seconds(1)
    var tokens = 0
    var best = Double.infinity
    for _ in 0..<5 {
      let start = clock.now
      tokens = tokenizer.encode(text).count
      best = min(best, start.duration(to: clock.now) / .seconds(1))
    }
    return Figure(
      bytes: text.utf8.count, tokens: tokens, loadSeconds: load,
      megabytesPerSecond: Double(text.utf8.count) / best / 1e6)
  }
}
