extension Checkpoint {
  /// A checkpoint whose tensors are exactly those that its configuration asks for.
  ///
  /// Some files hold more than a model needs: a head that is tied to the embedding, which must then have the same
  /// bytes, and buffers that are computed from the configuration. Neither becomes part of the table.
  /// - Parameter files: all tensors of all files, of unique names.
  /// - Throws: ``CheckpointError/unknownTensor(file:tensor:)``, ``CheckpointError/missingTensor(file:tensor:)``,
  ///   ``CheckpointError/wrongShape(file:tensor:shape:expected:)``, and
  ///   ``CheckpointError/malformed(file:tensor:reason:)`` for a head that is said to be tied and is not.
  init(configuration: ModelConfiguration, place: String, checking tensors: [Tensor]) throws(CheckpointError) {
    let expected = configuration.expectedTensors
    let names = Set(expected.map(\.name))
    // A model saved without its head lacks the prefix that the head's owner adds.
    let lacksPrefix = !tensors.contains { $0.name.hasPrefix("model.") }
    var table: [String: Tensor] = [:]
    var head: Tensor?
    for tensor in tensors where !Self.isComputedBuffer(tensor.name) {
      let isHead = tensor.name == "lm_head.weight"
      let name = lacksPrefix && !isHead ? "model." + tensor.name : tensor.name
      if names.contains(name) {
        table[name] = tensor
      } else if isHead {
        head = tensor
      } else {
        throw .unknownTensor(file: tensor.file, tensor: tensor.name)
      }
    }
    for tensor in expected {
      guard let found = table[tensor.name] else { throw .missingTensor(file: place, tensor: tensor.name) }
      guard found.shape == tensor.shape else {
        throw .wrongShape(file: found.file, tensor: found.name, shape: found.shape, expected: tensor.shape)
      }
    }
    if let head, let embedding = table[configuration.embeddingName] {
      guard
        head.shape == embedding.shape, head.type == embedding.type,
        head.bytes.equals(head.range, embedding.bytes, embedding.range)
      else {
        let reason =
          "differs from \(embedding.name), to which tie_word_embeddings ties it; if it is the model's head, set "
          + "tie_word_embeddings to false in config.json"
        throw .malformed(file: head.file, tensor: head.name, reason: reason)
      }
    }
    self.init(configuration: configuration, place: place, tensors: table)
  }

  /// Whether old versions of `transformers` wrote a buffer of this name, which follows from the configuration.
  private static func isComputedBuffer(_ name: String) -> Bool {
    name.hasSuffix(".rotary_emb.inv_freq") || name == "decoder.version" || name == "model.decoder.version"
  }
}
