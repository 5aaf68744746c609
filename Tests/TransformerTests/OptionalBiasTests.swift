import Foundation
import ModelSupport
import Testing

@testable import Checkpoints
@testable import Transformer

/// Each bias of a llama in a GGUF file is there or not, as for llama.cpp; one that is not is 0.
@Suite struct OptionalBiasTests {
  private static let tokens = [1, 5, 0, 52, 17, 17, 3, 40]

  private static func logits(_ file: GGUFFile) throws -> [[Float]] {
    try TransformerModel(Checkpoint(GGUF(file.bytes, file: "f"))).logits(after: tokens, all: true)
  }

  @Test(arguments: [
    [".attn_output.bias"], [".attn_q.bias", ".attn_k.bias"], [".attn_v.bias"], ["blk.1.attn_q.bias"],
    [".attn_q.bias", ".attn_k.bias", ".attn_v.bias", "blk.0.attn_output.bias", "blk.2.attn_output.bias"],
    [".ffn_gate.bias"], [".ffn_up.bias", ".ffn_down.bias"], ["blk.2.ffn_down.bias", ".attn_output.bias"],
    [".attn_"], [".ffn_"], [".bias"],
  ])
  func anAbsentBiasIsZero(suffixes: [String]) throws {
    let (file, _) = try GGUFFile.random(
      .tiny {
        $0.hasAttentionBias = true; $0.hasFeedForwardBias = true
      })
    func isAbsent(_ name: String) -> Bool { name.hasSuffix(".bias") && suffixes.contains { name.contains($0) } }
    var (absent, zero) = (file, file)
    absent.tensors.removeAll { isAbsent($0.name) }
    for index in zero.tensors.indices where isAbsent(zero.tensors[index].name) {
      zero.tensors[index].data = [UInt8](repeating: 0, count: zero.tensors[index].data.count)
    }
    #expect(absent.tensors.count < file.tensors.count)
    let logits = try Self.logits(absent)
    #expect(logits == (try Self.logits(zero)))
    #expect(logits != (try Self.logits(file)))
  }

  /// What llama.cpp computes for a llama with some biases in each layer (`Fixtures/checkpoints/make_biases.py`).
  @Test func logitsAreLlamaCpps() throws {
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: GGUFCheckpointTests.folder.appending(path: "biases.json")))
    let checkpoint = try Checkpoint.open(GGUFCheckpointTests.folder.appending(path: "biases.gguf").path)
    let biases = checkpoint.tensorNames.filter { $0.hasSuffix(".bias") }
    #expect(biases.sorted() == golden.biases)
    let logits = try TransformerModel(checkpoint).logits(after: golden.tokens, all: true)
    #expect(logits.count == golden.logits.count)
    for (ours, theirs) in zip(logits, golden.logits) {
      #expect(ours.count == theirs.count)
      // llama.cpp sums in another order; without any of the biases logits differ by more than 0.01.
      #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) < 0.001 }, "\(zip(ours, theirs).map { $0 - $1 })")
    }
  }

  private struct Golden: Decodable {
    let tokens: [Int]
    let biases: [String]
    let logits: [[Float]]
  }

  /// The index is a folder's; a GGUF file has none.
  @Test func aMissingTensorIsNamedAsTheFileNamesIt() throws {
    var (file, _) = try GGUFFile.random(.tiny())
    file.tensors.removeAll { $0.name == "blk.1.attn_q.weight" }
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(GGUF(file.bytes, file: "m.gguf")) }
    #expect(
      error?.description
        == "m.gguf: tensor blk.1.attn_q.weight is missing, and the model needs it; get the checkpoint anew")
  }
}
