import KernelOperands

/// A weight matrix in panels of 48 outputs, packed once from a checkpoint's mapped tensors.
///
/// PyTorch stores a linear layer as `[output][input]`. A product with one token reads each weight once, so that
/// memory sets its speed; panels make of that one contiguous stream, with the 48 weights of an input side by side:
///
///     weights   [panel][input][48]      panel = output / 48; the last one is padded with zeros
///
/// Elements stay as stored (F32, F16 or BF16) and are widened as they are used, which is exact; blocks are held as the
/// F32 numbers that they stand for. Two 16-bit weights of an output share a word, `[panel][input / 2][48]`: the lower
/// half belongs to the even input, because a shift and a mask then yield vectors of neighbouring outputs.
struct PackedMatrix: Sendable {
  /// Outputs in a panel.
  static var panelWidth: Int { PanelProduct.panelWidth }

  /// Rows of the matrix as PyTorch stores it.
  let outputCount: Int
  /// Columns of the matrix as PyTorch stores it.
  let inputCount: Int
  /// How weights are held.
  let element: Tensor.Element
  /// What is added to each output's sum, shape [panel][48], padded with zeros; empty for nothing.
  let bias: [Float]
  let panels: PanelMemory

  /// Panels, the last one padded.
  var panelCount: Int { Self.panelCount(outputs: outputCount) }

  /// Bytes of the packed weights.
  var byteCount: Int { panels.buffer.count }

  /// Bytes of a panel.
  var panelBytes: Int { Self.panelBytes(inputs: inputCount, element) }

  static func panelCount(outputs: Int) -> Int { (outputs + panelWidth - 1) / panelWidth }

  /// Two inputs share a word where weights have 16 bits; an odd one has a word of its own.
  static func panelBytes(inputs: Int, _ element: Tensor.Element) -> Int {
    panelWidth * 4 * (element == .float32 ? inputs : (inputs + 1) / 2)
  }

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
    let panelCount = Self.panelCount(outputs: outputCount)
    precondition(bias.isEmpty || bias.count == outputCount, "a bias for each output")
    self.bias =
      bias.isEmpty ? [] : bias + Array(repeating: 0, count: panelCount * Self.panelWidth - outputCount)
    panels = PanelMemory(byteCount: panelCount * Self.panelBytes(inputs: inputCount, element))
    var firstOutput = 0
    for tensor in tensors {
      precondition(tensor.shape.count == 2 && tensor.shape[1] == inputCount, "matrices of one input side")
      pack(tensor, from: firstOutput)
      firstOutput += tensor.shape[0]
    }
  }
}
