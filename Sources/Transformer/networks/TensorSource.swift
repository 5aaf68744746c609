import Checkpoints

/// Takes a checkpoint's tensors in the forms that layers hold them.
struct TensorSource {
  let checkpoint: Checkpoint
  /// To what matrices are rounded.
  let precision: WeightPrecision
  /// The threads that pack.
  let pool: WorkPool
  /// Where the packed weights are.
  let arena = PanelArena()
  /// Is told of the weights of each matrix that was packed.
  let didPack: (_ weights: Int) -> Void

  /// The matrix of a name, of a shape, mapped: its rows are rounded as they are read.
  func matrix(_ name: String, shape: [Int]) throws(CheckpointError) -> Tensor {
    try checkpoint.tensor(name, shape: shape).rounded(to: precision)
  }

  /// The tensor of a name, of a shape, as it is mapped.
  func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> Tensor {
    try checkpoint.tensor(name, shape: shape)
  }

  /// A vector as Float.
  func vector(_ name: String, count: Int) throws(CheckpointError) -> [Float] {
    let tensor = try checkpoint.tensor(name, shape: [count])
    var values = [Float](repeating: 0, count: count)
    tensor.read(0..<count, into: &values, at: 0)
    return values
  }

  /// Linear layers over the same inputs, as one; `parts` are their names and outputs.
  ///
  /// The checkpoint has exactly the biases that its configuration asks for; where only some parts have one, that of the
  /// others is 0.
  func linear(_ parts: [(name: String, outputs: Int)], inputs: Int) throws(CheckpointError) -> Linear {
    var (weights, bias): ([Tensor], [Float]) = ([], [])
    let hasBias = parts.contains { checkpoint.hasTensor("\($0.name).bias") }
    for part in parts {
      weights.append(try matrix("\(part.name).weight", shape: [part.outputs, inputs]))
      if checkpoint.hasTensor("\(part.name).bias") {
        bias += try vector("\(part.name).bias", count: part.outputs)
      } else if hasBias {
        bias += [Float](repeating: 0, count: part.outputs)
      }
    }
    return linear(weights, bias: bias)
  }

  /// A layer norm; without parameters its weights are 1 and its biases 0.
  func layerNorm(_ name: String, count: Int, hasParameters: Bool) throws(CheckpointError) -> LayerNorm {
    guard hasParameters else {
      return LayerNorm(weight: Array(repeating: 1, count: count), bias: Array(repeating: 0, count: count))
    }
    return LayerNorm(
      weight: try vector("\(name).weight", count: count), bias: try vector("\(name).bias", count: count))
  }

  /// The head's weights: the embedding's, packed, where the two are tied.
  func head(table: Tensor, isTied: Bool) throws(CheckpointError) -> Linear {
    let weights = isTied ? table : try matrix("lm_head.weight", shape: table.shape)
    return linear([weights], bias: [])
  }

  private func linear(_ weights: [Tensor], bias: [Float]) -> Linear {
    let matrix = PackedMatrix(weights, bias: bias, on: pool, in: arena)
    didPack(matrix.outputCount * matrix.inputCount)
    return Linear(matrix: matrix)
  }
}
