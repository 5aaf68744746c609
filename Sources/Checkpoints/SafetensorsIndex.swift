import JSONText

/// A `model.safetensors.index.json`: which file holds which tensor, for weights in several files.
struct SafetensorsIndex: Sendable {
  /// The index's own name, for messages.
  let file: String
  /// The files, sorted by name, each with the names of its tensors.
  let shards: [(name: String, tensors: Set<String>)]

  /// - Throws: ``CheckpointError/unreadable(file:reason:)`` and ``CheckpointError/malformed(file:tensor:reason:)``.
  init(file: String) throws(CheckpointError) {
    let bytes = try MappedFile.open(file)
    try self.init(json: bytes.copy(0..<min(bytes.count, JSON.Limits.tensors.bytes + 1)), file: file)
  }

  /// - Throws: ``CheckpointError/malformed(file:tensor:reason:)``
  init(json: [UInt8], file: String) throws(CheckpointError) {
    let value: JSON
    do throws(JSONError) {
      value = try JSON(json, limits: .tensors)
    } catch {
      throw .malformed(file: file, tensor: nil, reason: "\(error)")
    }
    guard case .object(let members) = value, let map = members.first(where: { $0.name == "weight_map" })?.value,
      case .object(let entries) = map
    else { throw .malformed(file: file, tensor: nil, reason: "has no object \"weight_map\" of tensors and files") }
    if entries.isEmpty { throw .malformed(file: file, tensor: nil, reason: "its weight_map is empty") }
    var shards: [String: Set<String>] = [:]
    for entry in entries {
      guard case .string(let name) = entry.value, Self.isPlainName(name) else {
        let reason = "its file is \(entry.value.kind); it must be the name of a file in the same folder"
        throw .malformed(file: file, tensor: entry.name, reason: reason)
      }
      shards[name, default: []].insert(entry.name)
    }
    self.file = file
    self.shards = shards.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The tensors of all files; each stands in the file that the index gives, and nowhere else.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, ``CheckpointError/malformed(file:tensor:reason:)`` and
  ///   ``CheckpointError/missingTensor(file:tensor:)``.
  func tensors(in folder: String) throws(CheckpointError) -> [Tensor] {
    var tensors: [Tensor] = []
    for shard in shards {
      let path = MappedFile.path(shard.name, in: folder)
      let found = try Safetensors(MappedFile.open(path), file: path).tensors
      // What the index gives another file, or none, would be read twice or by chance.
      for tensor in found where !shard.tensors.contains(tensor.name) {
        throw .malformed(file: path, tensor: tensor.name, reason: "the index \(file) does not name it in this file")
      }
      let names = Set(found.map(\.name))
      if let missing = shard.tensors.subtracting(names).min() { throw .missingTensor(file: path, tensor: missing) }
      tensors += found
    }
    return tensors
  }

  /// A name that cannot lead out of the folder.
  private static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && name.unicodeScalars.allSatisfy { $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .control }
  }
}
