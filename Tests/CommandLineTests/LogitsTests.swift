import Certification
import Foundation
import Testing

@Suite struct LogitsTests {
  private static let tiny = Command.repository.appending(path: "Fixtures/checkpoints/tiny")

  private struct Row: Decodable {
    struct Pair: Decodable {
      let token: Int
      let logit: Float

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        (token, logit) = (try list.decode(Int.self), try list.decode(Float.self))
      }
    }

    let tokens: [Int], top: [Pair], logsumexp: Double
  }

  private struct Golden: Decodable {
    struct Case: Decodable { let tokens: [Int], logits: [[Float]] }
    let cases: [Case]
  }

  @Test(arguments: ["llama-gqa-tied", "opt-350m-style"])
  func everyPositionHasTheGoldenLogits(name: String) async throws {
    let folder = Self.tiny.appending(path: name)
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: folder.appending(path: "golden.json")))
    for example in golden.cases {
      let tokens = example.tokens.map(String.init).joined(separator: ",")
      let arguments = ["logits", "--model", folder.path, "--tokens", tokens, "--top", "7", "--json"]
      let all = try await Command.run(arguments + ["--all", "--threads", "2"], in: Folder())
      #expect(all.status == 0 && all.error == "")
      let lines = all.text.split(separator: "\n")
      try #require(lines.count == example.tokens.count)
      for (position, line) in lines.enumerated() {
        let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
        let logits = example.logits[position]
        #expect(row.tokens == Array(example.tokens[...position]))
        #expect(row.top.count == 7)
        for (rank, pair) in row.top.enumerated() {
          #expect(abs(pair.logit - logits[pair.token]) <= 1e-4)
          // Never smaller than what was left out, and in descending order.
          #expect(logits.count { $0 > pair.logit + 1e-4 } <= rank)
        }
        #expect(abs(row.logsumexp - log(logits.reduce(0) { $0 + exp(Double($1)) })) <= 1e-4)
      }
      // The last position alone is the last line, by one thread too.
      let last = try await Command.run(arguments + ["--threads", "1"], in: Folder())
      #expect(last.text == "\(lines[lines.count - 1])\n")
    }
  }

  @Test func rawLogitsAreAllOfThem() async throws {
    let folder = Self.tiny.appending(path: "llama-gqa-tied")
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: folder.appending(path: "golden.json")))
    let example = try #require(golden.cases.first)
    let tokens = example.tokens.map(String.init).joined(separator: ",")
    let raw = try await Command.run(
      ["logits", "--model", folder.path, "--tokens", tokens, "--all", "--raw"], in: Folder())
    let expected = example.logits.flatMap { $0 }
    try #require(raw.status == 0 && raw.output.count == 4 * expected.count)
    let bytes = [UInt8](raw.output)
    for (index, logit) in expected.enumerated() {
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[4 * index + $1]) << UInt32(8 * $1) }
      #expect(abs(Float(bitPattern: bits) - logit) <= 1e-4)
    }
  }

  @Test func tiesAreListedByID() async throws {
    // A head of zeros: all logits are equal.
    let folder = try Folder()
    let source = Self.tiny.appending(path: "llama-gqa-untied")
    for file in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(at: source.appending(path: file), to: folder.url.appending(path: file))
    }
    let weights = folder.url.appending(path: "model.safetensors")
    var bytes = try Data(contentsOf: weights)
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try #require(
      JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: any Sendable]])
    let range = try #require(header["lm_head.weight"]?["data_offsets"] as? [Int])
    bytes.resetBytes(in: 8 + length + range[0]..<8 + length + range[1])
    try bytes.write(to: weights)
    let result = try await Command.run(
      ["logits", "--model", folder.url.path, "--tokens", "1", "--top", "3", "--json"], in: folder)
    #expect(result.text.contains("\"top\":[[0,0.0],[1,0.0],[2,0.0]]"))
  }

  @Test func aTableIsPrinted() async throws {
    let model = Self.tiny.appending(path: "llama-gqa-tied").path
    let result = try await Command.run(["logits", "--model", model, "--tokens", "1,2", "--top", "2"], in: Folder())
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0] == "After 1 2:")
    #expect(lines[1] == "   token        logit  probability")
  }

  @Test func badInputIsOneLine() async throws {
    let model = Self.tiny.appending(path: "llama-gqa-tied").path
    let cases: [([String], Int32, String)] = [
      (["--model", "nowhere", "--tokens", "1"], 65, "rsd: nowhere: "),
      (
        ["--model", model, "--tokens", "1,99999"], 65,
        "rsd: --tokens: token 99999 is out of range; the vocabulary is 0..."
      ),
      (["--model", model, "--tokens", ""], 64, "rsd: "),
      (["--model", model, "--tokens", "1", "--top", "0"], 64, "rsd: --top 0 is out of range; it must be 1 to "),
      (
        ["--model", model, "--tokens", "1", "--threads", "0"], 64, "rsd: --threads 0 is out of range; it must be 1 to "
      ),
      (
        ["--model", model, "--tokens", Array(repeating: "1", count: 5000).joined(separator: ",")], 65,
        "rsd: the prompt has 5000 tokens, and the model's context holds "
      ),
    ]
    for (arguments, status, message) in cases {
      let result = try await Command.run(["logits"] + arguments, in: Folder())
      #expect(result.status == status)
      #expect(result.text == "")
      #expect(result.error.hasPrefix(message), "\(result.error)")
      #expect(result.error.count { $0 == "\n" } == 1)
    }
  }
}
