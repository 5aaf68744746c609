import Foundation
import Testing

@testable import Checkpoints
@testable import Transformer

/// Parity with Hugging Face's transformers, which computed the golden logits of Fixtures/checkpoints/tiny.
@Suite struct GoldenLogitsTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let tokens: [Int]
      let logits: [[Float]]
    }

    let magic: String
    let version: Int
    let cases: [Case]
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/checkpoints/tiny").standardizedFileURL

  private static let names = [
    "llama-bf16", "llama-f16", "llama-gqa-tied", "llama-gqa-untied", "llama-mha-biases", "llama-rope-linear",
    "llama-rope-llama3", "llama-sharded", "opt-125m-style", "opt-350m-style", "opt-plain-untied", "opt-projected-f16",
  ]

  @Test func everyCheckpointIsTested() throws {
    let found = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(found.sorted() == Self.names)
  }

  @Test(arguments: names, [1, 2])
  func logitsAreThoseOfTransformers(name: String, threads: Int) throws {
    let folder = Self.folder.appending(path: name)
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: folder.appending(path: "golden.json")))
    #expect(golden.magic == "rsd-golden-logits" && golden.version == 1)
    let model = try TransformerModel(Checkpoint.open(folder.path), threads: threads)
    var (largest, compared): (Float, Int) = (0, 0)
    for example in golden.cases {
      let logits = try model.logits(after: example.tokens, all: true)
      try #require(logits.count == example.logits.count)
      for (ours, theirs) in zip(logits, example.logits) {
        try #require(ours.count == theirs.count)
        for (left, right) in zip(ours, theirs) { largest = max(largest, abs(left - right)) }
        compared += ours.count
      }
    }
    #expect(largest <= 1e-4, "\(name)")
    #expect(compared >= 100)
  }
}
