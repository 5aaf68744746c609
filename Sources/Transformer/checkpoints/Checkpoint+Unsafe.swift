extension Checkpoint {
  /// A checkpoint over memory that lives as long as the program, such as a part of its binary; nothing is copied.
  ///
  /// - Parameters:
  ///   - configuration: the bytes of a `config.json`.
  ///   - weights: the bytes of a safetensors file with all tensors.
  ///   - place: what messages call it.
  /// - Throws: ``TransformerError``, as ``open(_:)`` does.
  package static func open(
    configuration: UnsafeRawBufferPointer, weights: UnsafeRawBufferPointer, place: String
  ) throws(TransformerError) -> Checkpoint {
    let file = "\(place)/model.safetensors"
    return try Checkpoint(
      configuration: ModelConfiguration(json: Array(configuration), file: "\(place)/config.json"), place: place,
      checking: Safetensors(MappedBytes(weights), file: file).tensors)
  }
}
