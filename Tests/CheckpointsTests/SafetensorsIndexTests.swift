import Foundation
import JSONText
import ModelSupport
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct SafetensorsIndexTests {
  static let index = "model.safetensors.index.json"

  /// The small Llama in two files, tensors dealt in turn; `change` sees the index's map before it is written.
  static func folder(
    _ change: (inout [(name: String, file: String)]) -> Void = { _ in }
  ) throws -> CheckpointFolder {
    let entries = try SmallModel.entries(SmallModel.llama)
    let folder = try CheckpointFolder(["config.json": Array(SmallModel.llama.utf8)])
    var map: [(name: String, file: String)] = []
    for (shard, file) in ["a.safetensors", "b.safetensors"].enumerated() {
      let part = entries.enumerated().filter { $0.offset % 2 == shard }.map(\.element)
      try folder.write(SafetensorsFile(entries: part).bytes, to: file)
      map += part.map { ($0.name, file) }
    }
    change(&map)
    let texts = map.map { "\(JSON.quoted($0.name)):\(JSON.quoted($0.file))" }
    try folder.write(
      "{\"metadata\":{\"total_size\":1},\"weight_map\":{\(texts.joined(separator: ","))}}".utf8, to: index)
    return folder
  }

  @Test func severalFilesAreOneCheckpoint() throws {
    let folder = try Self.folder()
    let checkpoint = try Checkpoint.open(folder.path)
    for (index, expected) in checkpoint.configuration.expectedTensors.enumerated() {
      let tensor = try checkpoint.tensor(expected.name, shape: expected.shape)
      #expect(tensor.floats().allSatisfy { $0 == Float(index) })
      #expect(tensor.file == folder.path(index % 2 == 0 ? "a.safetensors" : "b.safetensors"))
    }
    // As for transformers, one file that holds all has the last word.
    try folder.write([0], to: "model.safetensors")
    let error = try #require(throws: CheckpointError.self) { try Checkpoint.open(folder.path) }
    #expect("\(error)".hasPrefix(folder.path("model.safetensors: ")))
  }

  @Test(arguments: [
    "../a.safetensors", "/etc/passwd", "sub/a.safetensors", ".", "..", "", "..\\a", "a\0", "a\n",
  ])
  func namesStayInTheFolder(file: String) throws {
    let folder = try Self.folder { $0[0].file = file }
    let reason =
      "its file is \(JSON.string(file).kind); it must be the name of a file in the same folder"
    let error = CheckpointError.malformed(
      file: folder.path(Self.index), tensor: "model.embed_tokens.weight", reason: reason)
    #expect(throws: error) { try Checkpoint.open(folder.path) }
  }

  @Test func everyTensorIsInTheFileThatIsNamed() throws {
    let moved = try Self.folder { $0[0].file = "b.safetensors" }
    let unnamed = try Self.folder { $0.removeFirst() }
    for folder in [moved, unnamed] {
      let error = CheckpointError.malformed(
        file: folder.path("a.safetensors"), tensor: "model.embed_tokens.weight",
        reason: "the index \(folder.path(Self.index)) does not name it in this file")
      #expect(throws: error) { try Checkpoint.open(folder.path) }
    }
    let invented = try Self.folder { $0.append(("x", "b.safetensors")) }
    #expect(throws: CheckpointError.missingTensor(file: invented.path("b.safetensors"), tensor: "x")) {
      try Checkpoint.open(invented.path)
    }
  }

  @Test func aTensorInTwoFilesIsRefused() throws {
    let folder = try Self.folder()
    let entries = try SmallModel.entries(SmallModel.llama)
    let both = entries.enumerated().filter { $0.offset % 2 == 1 || $0.offset == 0 }.map(\.element)
    try folder.write(SafetensorsFile(entries: both).bytes, to: "b.safetensors")
    let error = CheckpointError.malformed(
      file: folder.path("b.safetensors"), tensor: "model.embed_tokens.weight",
      reason: "the index \(folder.path(Self.index)) does not name it in this file")
    #expect(throws: error) { try Checkpoint.open(folder.path) }
  }

  @Test func aMissingFileIsNamed() throws {
    let folder = try Self.folder { $0[0].file = "c.safetensors" }
    try FileManager.default.removeItem(atPath: folder.path("a.safetensors"))
    #expect(throws: CheckpointError.unreadable(file: folder.path("a.safetensors"), reason: "does not exist")) {
      try Checkpoint.open(folder.path)
    }
  }

  @Test(arguments: [
    ("[]", "has no object \"weight_map\" of tensors and files"),
    ("{}", "has no object \"weight_map\" of tensors and files"),
    ("{\"weight_map\":[]}", "has no object \"weight_map\" of tensors and files"),
    ("{\"weight_map\":{}}", "its weight_map is empty"),
    ("{\"weight_map\":{\n\"a\":\"b\",\"a\":\"c\"}}", "line 2, column 9: the key \"a\" occurs twice"),
  ])
  func whatIsNoIndexIsRefused(text: String, reason: String) {
    #expect(throws: CheckpointError.malformed(file: "f", tensor: nil, reason: reason)) {
      try SafetensorsIndex(json: Array(text.utf8), file: "f")
    }
  }
}
