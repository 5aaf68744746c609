/// A weight matrix in panels of 48 outputs, packed once from a checkpoint's mapped tensors.
///
/// PyTorch stores a linear layer as `[output][input]`. A product with one token reads each weight once, so that
/// memory sets its speed; panels make of that one contiguous stream, with the 48 weights of an input side by side:
///
///     weights   [panel][input][48]      panel = output / 48; the last one is padded with zeros
///
/// Elements stay as stored (F32, F16 or BF16) and are widened as they are used, which is exact; blocks are held as the
/// F32 numbers that they stand for. Two 16-bit weights share a word: word i of an input holds output i in its lower half
/// and output i + 24 in its upper, because shifts and masks then yield vectors of neighbouring outputs.
struct PackedMatrix: Sendable {
  /// Outputs in a panel.
  static let panelWidth = 48

  /// Rows of the matrix as PyTorch stores it.
  let outputCount: Int
  /// Columns of the matrix as PyTorch stores it.
  let inputCount: Int
  /// How weights are held.
  let element: Tensor.Element
  /// What is added to each output's sum, shape [outputCount]; empty for nothing.
  let bias: [Float]
  let panels: PanelMemory

  /// Panels, the last one padded.
  var panelCount: Int { Self.panelCount(outputs: outputCount) }

  /// Bytes of the packed weights.
  var byteCount: Int { panels.buffer.count }

  static func panelCount(outputs: Int) -> Int { (outputs + panelWidth - 1) / panelWidth }

  /// Packs matrices of one input side, one below the other: projections that read the same state become one product.
  ///
  /// Matrices of different element types are held as F32, which is exact.
  /// - Parameters:
  ///   - tensors: at least one, each of shape [outputs][inputs].
  ///   - biases: what is added, in the tensors' order; empty for nothing.
  /// - Complexity: O(weights); touches one panel of each tensor at a time.
  init(_ tensors: [Tensor], bias: [Float] = []) {
    let elements = Set(tensors.map(\.heldElement))
    outputCount = tensors.reduce(0) { $0 + $1.shape[0] }
    inputCount = tensors[0].shape[1]
    element = elements.count == 1 ? tensors[0].heldElement : .float32
    self.bias = bias
    let panelBytes = Self.panelWidth * inputCount * element.size
    panels = PanelMemory(byteCount: Self.panelCount(outputs: outputCount) * panelBytes)
    var firstOutput = 0
    for tensor in tensors {
      precondition(tensor.shape.count == 2 && tensor.shape[1] == inputCount, "matrices of one input side")
      pack(tensor, from: firstOutput)
      firstOutput += tensor.shape[0]
    }
    precondition(bias.isEmpty || bias.count == outputCount, "a bias for each output")
  }
}
