import ArgumentParser
import Certification
import Checkpoints
import Foundation
import SpeculativeDecoding
import Transformer

struct Logits: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the logits of a transformer after given tokens.",
    usage: "rsd logits --model <model> --tokens <tokens> [<options>]",
    discussion: """
      Runs the forward pass that generation runs: the same bits for any number of threads. \
      With --json one object a line: the tokens, the largest logits as [id, logit], and log Σ exp of all logits, which \
      a logit less gives its log-probability. Ties are listed by id.
      """)

  @Option(
    help: ArgumentHelp(
      "The model: a Hugging Face folder, a GGUF file, or king-james-target or -draft.", valueName: "model"))
  var model: String

  @Option(
    help: NumberLimit.tokensOfLogits.help("The tokens, such as 1,2,3", valueName: "tokens"),
    transform: NumberLimit.tokensOfLogits.list)
  var tokens: IntegerList

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
    help: NumberLimit.top.help("How many of the largest logits", "at most all are shown", valueName: "n", standard: 20),
    transform: NumberLimit.top.whole)
  var top = 20

  @Flag(help: "After each of the tokens, not after the last alone.")
  var all = false

  @Option(
    help: NumberLimit.threads.help("Threads", "as many as there are cores by default", valueName: "n"),
    transform: NumberLimit.threads.whole)
  var threads: Int?

  @Flag(help: "Print JSON, one line a position.")
  var json = false

  @Flag(help: "Write all logits as bytes and nothing else: 32-bit floats, little-endian, [position][vocabulary].")
  var raw = false

  func validate() throws {
    if json, raw { throw ValidationError("--json and --raw are two ways to write; leave one out") }
  }

  func run() async throws {
    try await explainingErrors {
      let model = try TransformerOptions.load(model, threads: threads, precision: precision, arithmetic: arithmetic)
      for token in tokens.values where !(0..<model.vocabularySize).contains(token) {
        throw failure(
          .badData, "--tokens: token \(token) is out of range; the vocabulary is 0...\(model.vocabularySize - 1)")
      }
      try model.forEachPosition(of: tokens.values, all: all) { position, logits in
        if raw { return Output.write(Self.bytes(of: logits)) }
        let row = LogitsRow(tokens: Array(tokens.values[...position]), logits: logits, top: top)
        Output.write(Data((json ? row.json : row.text).utf8))
      }
    }
  }
}

extension Logits {
  /// 32-bit floats, little-endian.
  private static func bytes(of logits: [Float]) -> Data {
    var data = Data(capacity: 4 * logits.count)
    for logit in logits { withUnsafeBytes(of: logit.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }
}

/// The logits after a position, as they are printed.
struct LogitsRow {
  let tokens: [Int]
  /// Token and logit, the largest first, ties by id.
  let top: [(token: Int, logit: Float)]
  let logSumExp: Double

  init(tokens: [Int], logits: [Float], top: Int) {
    self.tokens = tokens
    let order = logits.indices.sorted { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }
    self.top = order.prefix(top).map { ($0, logits[$0]) }
    logSumExp = Softmax.logSumExp(logits)
  }

  /// One line.
  var json: String {
    // Written by hand: a pair of two types is no `Encodable`. Swift prints a number so that it reads back.
    let pairs = top.map { "[\($0.token),\($0.logit)]" }.joined(separator: ",")
    let tokens = tokens.map(String.init).joined(separator: ",")
    return "{\"tokens\":[\(tokens)],\"top\":[\(pairs)],\"logsumexp\":\(logSumExp)}\n"
  }

  /// A table.
  var text: String {
    let shown = tokens.count > 12 ? "… " + tokens.suffix(12).map(String.init).joined(separator: " ") : nil
    var lines = ["After \(shown ?? tokens.map(String.init).joined(separator: " ")):"]
    lines.append(Terminal.colored("   token        logit  probability", .bold))
    for (token, logit) in top {
      let probability = exp(Double(logit) - logSumExp)
      lines.append(String(format: "%8d  %11.6f  %.9f", token, logit, probability))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
