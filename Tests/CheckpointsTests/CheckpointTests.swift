import Foundation
import ModelSupport
import Testing

@testable import Checkpoints

@Suite struct CheckpointTests {
  /// Written by `transformers`: every variant of both architectures, every element type, one and several files.
  static let tiny: [String] = try! FileManager.default.contentsOfDirectory(
    atPath: CheckpointFolder.fixtures.appending(path: "tiny").path
  ).sorted()

  @Test func theFixturesAreThere() { #expect(Self.tiny.count >= 12) }

  @Test(arguments: tiny)
  func whatTransformersWritesIsRead(name: String) throws {
    let folder = CheckpointFolder.fixtures.appending(path: "tiny/\(name)")
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.tensorNames == checkpoint.configuration.expectedTensors.map(\.name).sorted())
    // Every byte of every file is some tensor's, but for the headers.
    var size = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".safetensors") {
      let bytes = try Data(contentsOf: folder.appending(path: file))
      size += bytes.count - 8 - bytes.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    }
    #expect(checkpoint.byteCount == size)
    for tensor in checkpoint.tensors.values { #expect(tensor.floats().allSatisfy { $0.isFinite }) }
  }

  @Test(arguments: [SmallModel.llama, SmallModel.opt])
  func everyTensorIsFoundByItsName(json: String) throws {
    let folder = try SmallModel.folder(json) { $0.reverse() }
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.place == folder.path)
    #expect(try checkpoint.configuration == SmallModel.configuration(json))
    for (index, expected) in checkpoint.configuration.expectedTensors.enumerated() {
      let tensor = try checkpoint.tensor(expected.name, shape: expected.shape)
      #expect(tensor.floats().allSatisfy { $0 == Float(index) })
      let error = CheckpointError.wrongShape(
        file: folder.path("model.safetensors"), tensor: expected.name, shape: expected.shape, expected: [1])
      #expect(throws: error) { try checkpoint.tensor(expected.name, shape: [1]) }
    }
    #expect(throws: CheckpointError.missingTensor(file: folder.path, tensor: "x")) {
      try checkpoint.tensor("x", shape: [])
    }
  }

  @Test(arguments: [SmallModel.llama, SmallModel.opt])
  func memoryIsReadAsAFolderIs(json: String) throws {
    let bytes = try SafetensorsFile(entries: SmallModel.entries(json)).bytes
    let memory = try Checkpoint.open(configuration: Array(json.utf8), weights: bytes, place: "m")
    let folder = try SmallModel.folder(json)
    let mapped = try Checkpoint.open(folder.path)
    #expect(memory.configuration == mapped.configuration && memory.tensorNames == mapped.tensorNames)
    for name in memory.tensorNames { #expect(memory.tensors[name]?.floats() == mapped.tensors[name]?.floats()) }
    let reason = "its header does not begin with {"
    #expect(throws: CheckpointError.malformed(file: "m/model.safetensors", tensor: nil, reason: reason)) {
      try Checkpoint.open(configuration: Array(json.utf8), weights: Array(repeating: 0, count: 8), place: "m")
    }
    #expect(throws: CheckpointError.self) { try Checkpoint.open(configuration: [], weights: bytes, place: "m") }
  }

  /// Models saved without their head's class, as OPT's first checkpoints were.
  @Test(arguments: [SmallModel.llama, SmallModel.opt])
  func thePrefixMayBeAbsent(json: String) throws {
    let folder = try SmallModel.folder(json) { entries in
      for index in entries.indices where entries[index].name.hasPrefix("model.") {
        entries[index].name.removeFirst("model.".count)
      }
    }
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.tensorNames == checkpoint.configuration.expectedTensors.map(\.name).sorted())
    // But not of some.
    let mixed = try SmallModel.folder(json) { $0[0].name.removeFirst("model.".count) }
    let error = CheckpointError.unknownTensor(
      file: mixed.path("model.safetensors"),
      tensor: json == SmallModel.llama ? "embed_tokens.weight" : "decoder.embed_tokens.weight")
    #expect(throws: error) { try Checkpoint.open(mixed.path) }
  }

  @Test func buffersThatAreComputedArePassedOver() throws {
    for name in ["model.layers.0.self_attn.rotary_emb.inv_freq", "model.rotary_emb.inv_freq"] {
      let folder = try SmallModel.folder(SmallModel.llama) {
        $0.append(.init(name: name, type: "F32", shape: [1], data: [0, 0, 0, 0]))
      }
      #expect(try !Checkpoint.open(folder.path).tensorNames.contains(name))
    }
  }

  @Test(arguments: [SmallModel.llama, SmallModel.opt])
  func everyTensorIsNeeded(json: String) throws {
    for (index, entry) in try SmallModel.entries(json).enumerated() {
      let folder = try SmallModel.folder(json) { $0.remove(at: index) }
      #expect(throws: CheckpointError.missingTensor(file: folder.path, tensor: entry.name)) {
        try Checkpoint.open(folder.path)
      }
    }
  }

  @Test(arguments: [SmallModel.llama, SmallModel.opt])
  func everyShapeIsChecked(json: String) throws {
    for (index, entry) in try SmallModel.entries(json).enumerated() {
      let shape = [1] + entry.shape
      let folder = try SmallModel.folder(json) { $0[index].shape = shape }
      let error = CheckpointError.wrongShape(
        file: folder.path("model.safetensors"), tensor: entry.name, shape: shape, expected: entry.shape)
      #expect(throws: error) { try Checkpoint.open(folder.path) }
    }
  }

  @Test(arguments: [
    (SmallModel.llama, "model.layers.2.mlp.up_proj.weight"), (SmallModel.llama, "model.layers.0.self_attn.q_proj.bias"),
    (SmallModel.llama, "model.layers.00.mlp.up_proj.weight"), (SmallModel.llama, "x"), (SmallModel.llama, ""),
    (SmallModel.opt, "model.decoder.final_layer_norm.scale"), (SmallModel.opt, "model.embed_tokens.weight"),
  ])
  func whatHasNoPlaceIsRefused(json: String, name: String) throws {
    let folder = try SmallModel.folder(json) { $0.append(.init(name: name, type: "F16", shape: [], data: [0, 0])) }
    #expect(throws: CheckpointError.unknownTensor(file: folder.path("model.safetensors"), tensor: name)) {
      try Checkpoint.open(folder.path)
    }
  }

  @Test func aTiedHeadMustBeTheEmbedding() throws {
    let embedding = try #require(SmallModel.entries(SmallModel.opt).first)
    for (change, isSame) in [(0, true), (1, false)] {
      let folder = try SmallModel.folder(SmallModel.opt) { entries in
        entries.append(embedding)
        entries[entries.count - 1].name = "lm_head.weight"
        entries[entries.count - 1].data[3] ^= UInt8(change)
      }
      if isSame {
        #expect(try !Checkpoint.open(folder.path).tensorNames.contains("lm_head.weight"))
      } else {
        let reason =
          "differs from model.decoder.embed_tokens.weight, to which tie_word_embeddings ties it; if it is the model's "
          + "head, set tie_word_embeddings to false in config.json"
        let error = CheckpointError.malformed(
          file: folder.path("model.safetensors"), tensor: "lm_head.weight", reason: reason)
        #expect(throws: error) { try Checkpoint.open(folder.path) }
      }
    }
  }

  @Test func theConfigurationComesFirst() throws {
    let folder = try CheckpointFolder(["model.safetensors": [1]])
    #expect(throws: CheckpointError.unreadable(file: folder.path("config.json"), reason: "does not exist")) {
      try Checkpoint.open(folder.path)
    }
    try folder.write("{\"model_type\":\"gpt2\"}".utf8, to: "config.json")
    let reason = "model_type is \"gpt2\", which is not supported; llama and opt are"
    #expect(throws: CheckpointError.configuration(file: folder.path("config.json"), reason: reason)) {
      try Checkpoint.open(folder.path)
    }
    #expect(throws: CheckpointError.configuration(file: folder.path("config.json"), reason: reason)) {
      try Checkpoint.open(folder.path + "/")
    }
    #expect(throws: CheckpointError.unreadable(file: folder.path("no"), reason: "does not exist")) {
      try Checkpoint.open(folder.path("no"))
    }
    let file = folder.path("config.json")
    let advice = "is no GGUF file; give one, or the folder that holds config.json and model.safetensors"
    #expect(throws: CheckpointError.unreadable(file: file, reason: advice)) { try Checkpoint.open(file) }
  }

  @Test func weightsOfOtherNamesAreNotRead() throws {
    let files = ["config.json": Array(SmallModel.llama.utf8), "adapter_model.safetensors": [0]]
    let folder = try CheckpointFolder(files)
    let neither = "holds neither model.safetensors nor model.safetensors.index.json"
    let reason = "\(neither); weights of other names are not read"
    #expect(throws: CheckpointError.unreadable(file: folder.path, reason: reason)) {
      try Checkpoint.open(folder.path)
    }
    for name in ["pytorch_model.bin", "pytorch_model.bin.index.json"] {
      let folder = try CheckpointFolder(files)
      try folder.write([0], to: name)
      let error = try #require(throws: CheckpointError.self) { try Checkpoint.open(folder.path) }
      #expect(
        "\(error)".hasPrefix("\(folder.path): \(neither), but \(name), which is not read; convert it: python3 -c "))
      #expect("\(error)".contains("save_pretrained"))
    }
  }
}
