extension Checkpoint {
  /// A checkpoint over memory that lives as long as the program, such as a part of its binary; nothing is copied.
  ///
  /// - Parameters:
  ///   - configuration: the bytes of a `config.json`.
  ///   - weights: the bytes of a safetensors file with all tensors.
  ///   - place: what messages call it.
  /// - Throws: ``CheckpointError``, as ``open(_:)`` does.
  package static func open(
    configuration: UnsafeRawBufferPointer, weights: UnsafeRawBufferPointer, place: String
  ) throws(CheckpointError) -> Checkpoint {
    let file = "\(place)/model.safetensors"
    var checkpoint = try Checkpoint(
      configuration: ModelConfiguration(json: Array(configuration), file: "\(place)/config.json"), place: place,
      checking: Safetensors(MappedBytes(weights), file: file).tensors)
    checkpoint.configurationFile = Array(configuration)
    return checkpoint
  }

  /// Shows the bytes of each weights file, in the order of their names.
  ///
  /// - Parameter body: given a file's bytes; they must not be kept.
  package func forEachWeightsFile(_ body: (UnsafeRawBufferPointer) -> Void) {
    let files = Dictionary(tensors.values.map { ($0.file, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    for name in files.keys.sorted() {
      if let bytes = files[name] { body(bytes.buffer) }
    }
  }
}
