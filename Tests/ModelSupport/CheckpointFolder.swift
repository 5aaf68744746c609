import Checkpoints
import Foundation
import TestSupport

/// A Hugging Face folder in the temporary directory, which goes with the last reference.
package final class CheckpointFolder: Sendable {
  package let url = TestRun.folder.appending(path: UUID().uuidString)

  /// The repository's `Fixtures/checkpoints`.
  package static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/checkpoints")

  package init(_ files: [String: [UInt8]] = [:]) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, bytes) in files { try write(bytes, to: name) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package var path: String { url.path }

  package func path(_ name: String) -> String { "\(path)/\(name)" }

  package func write(_ bytes: some Collection<UInt8>, to name: String) throws {
    try Data(bytes).write(to: url.appending(path: name))
  }
}

/// Small models whose tensors hold numbers that say which they are.
package enum SmallModel {
  package static let llama = """
    {"model_type":"llama","architectures":["LlamaForCausalLM"],"vocab_size":5,"hidden_size":8,"intermediate_size":3,
     "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2}
    """
  package static let opt = """
    {"model_type":"opt","architectures":["OPTForCausalLM"],"vocab_size":5,"hidden_size":8,"ffn_dim":3,
     "num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":6,"word_embed_proj_dim":2}
    """

  package static func configuration(_ json: String) throws -> ModelConfiguration {
    try ModelConfiguration(json: Array(json.utf8), file: "config.json")
  }

  /// All tensors that a configuration asks for, in F16; the elements of the k-th are k.
  package static func entries(_ json: String) throws -> [SafetensorsFile.Entry] {
    try configuration(json).expectedTensors.enumerated().map { index, tensor in
      let element = SafetensorsFile.littleEndian(Float16(index).bitPattern)
      let data = (0..<tensor.shape.reduce(1, *)).flatMap { _ in element }
      return .init(name: tensor.name, type: "F16", shape: tensor.shape, data: data)
    }
  }

  /// A folder with one file of tensors.
  package static func folder(
    _ json: String, _ change: (inout [SafetensorsFile.Entry]) -> Void = { _ in }
  ) throws -> CheckpointFolder {
    var entries = try entries(json)
    change(&entries)
    return try CheckpointFolder([
      "config.json": Array(json.utf8), "model.safetensors": SafetensorsFile(entries: entries).bytes,
    ])
  }
}
