/// Hands out a checkpoint's tensors and remembers which: what is left over in the end has no place in the model.
struct TensorSource {
  let checkpoint: Checkpoint
  private var taken: Set<String> = []

  init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

  /// The tensor of a name, of a shape.
  mutating func take(_ name: String, shape: [Int]) throws(TransformerError) -> Tensor {
    taken.insert(name)
    return try checkpoint.tensor(name, shape: shape)
  }

  /// A tensor that may be there and is not needed.
  mutating func ignore(_ name: String) { taken.insert(name) }

  /// A vector as Float.
  mutating func vector(_ name: String, count: Int) throws(TransformerError) -> [Float] {
    let tensor = try take(name, shape: [count])
    var values = [Float](repeating: 0, count: count)
    tensor.read(0..<count, into: &values, at: 0)
    return values
  }

  /// Linear layers over the same inputs, as one; `parts` are their names and outputs.
  mutating func linear(
    _ parts: [(name: String, outputs: Int)], inputs: Int, hasBias: Bool
  ) throws(TransformerError) -> Linear {
    var (weights, bias): ([Tensor], [Float]) = ([], [])
    for part in parts {
      weights.append(try take("\(part.name).weight", shape: [part.outputs, inputs]))
      if hasBias { bias += try vector("\(part.name).bias", count: part.outputs) }
    }
    return Linear(matrix: PackedMatrix(weights, bias: bias))
  }

  /// A layer norm; without parameters its weights are 1 and its biases 0.
  mutating func layerNorm(_ name: String, count: Int, hasParameters: Bool) throws(TransformerError) -> LayerNorm {
    guard hasParameters else {
      return LayerNorm(weight: Array(repeating: 1, count: count), bias: Array(repeating: 0, count: count))
    }
    return LayerNorm(
      weight: try vector("\(name).weight", count: count), bias: try vector("\(name).bias", count: count))
  }

  /// The head's weights: the embedding's where they are tied.
  ///
  /// A tied checkpoint may store the head all the same; it must then be the embedding.
  mutating func head(_ name: String, table: Tensor, isTied: Bool) throws(TransformerError) -> Linear {
    guard isTied else { return Linear(matrix: PackedMatrix([try take(name, shape: table.shape)])) }
    if checkpoint.tensorNames.contains(name) {
      let head = try take(name, shape: table.shape)
      guard head.hasBytes(of: table) else {
        throw .malformed(
          file: head.file, tensor: name,
          reason: "differs from \(table.name), to which the configuration ties it; set \"tie_word_embeddings\" to false"
        )
      }
    }
    return Linear(matrix: PackedMatrix([table]))
  }

  /// Makes sure that nothing is left over.
  func requireAllTaken() throws(TransformerError) {
    for name in checkpoint.tensorNames where !taken.contains(name) {
      throw .unknownTensor(file: checkpoint.tensors[name]?.file ?? checkpoint.place, tensor: name)
    }
  }
}
