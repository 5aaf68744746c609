import Checkpoints
import KernelOperands

/// A weight matrix in panels of 48 outputs, packed once from a checkpoint's mapped tensors.
///
/// PyTorch stores a linear layer as `[output][input]`. A product with one token reads each weight once, so that
/// memory sets its speed; panels make of that one contiguous stream, with the 48 weights of an input side by side:
///
///     weights   [panel][word][48]      panel = output / 48; the last one is padded with zeros
///
/// A word is a weight in F32, two weights of neighbouring inputs in F16 or BF16, or some codes of a block (Q8_0, Q4_0,
/// Q4_1); `PanelProduct.Element` has the layouts. Weights stay as stored and become numbers as they are used, which is
/// exact. Blocks of other types are held as the F32 numbers that they stand for.
package struct PackedMatrix: Sendable {
  /// Outputs in a panel.
  static var panelWidth: Int { PanelProduct.panelWidth }

  /// Rows of the matrix as PyTorch stores it.
  package let outputCount: Int
  /// Columns of the matrix as PyTorch stores it.
  package let inputCount: Int
  /// How weights are held.
  let element: PanelProduct.Element
  /// The bias of each output, shape [panel][48], padded with zeros; empty for none.
  let bias: [Float]
  let panels: PanelMemory

  /// Panels, the last one padded.
  var panelCount: Int { Self.panelCount(outputs: outputCount) }

  /// Bytes of the packed weights.
  package var byteCount: Int { panels.buffer.count }

  /// Bytes of a panel.
  var panelBytes: Int { 4 * Self.panelWidth * PanelRow(element: element, inputCount: inputCount).wordCount }

  static func panelCount(outputs: Int) -> Int { (outputs + panelWidth - 1) / panelWidth }

  /// Packs matrices of one input side, one below the other: projections that read the same state become one product.
  ///
  /// Matrices of different element types are held as F32, which is exact.
  /// - Parameters:
  ///   - tensors: at least one, each of shape [outputs][inputs].
  ///   - biases: what is added, in the tensors' order; empty for nothing.
  ///   - pool: the threads that share the work.
  ///   - arena: where the memory is taken from.
  /// - Complexity: O(weights), each read once.
  init(
    _ tensors: [Tensor], bias: [Float] = [], on pool: WorkPool = WorkPool(threads: 1),
    in arena: PanelArena = PanelArena()
  ) {
    let elements = Set(tensors.map(\.heldElement))
    outputCount = tensors.reduce(0) { $0 + $1.shape[0] }
    inputCount = tensors[0].shape[1]
    element = elements.count == 1 ? tensors[0].heldElement : .float32
    let panelCount = Self.panelCount(outputs: outputCount)
    precondition(bias.isEmpty || bias.count == outputCount, "a bias for each output")
    self.bias =
      bias.isEmpty ? [] : bias + Array(repeating: 0, count: panelCount * Self.panelWidth - outputCount)
    let words = PanelRow(element: element, inputCount: inputCount).wordCount
    panels = arena.allocate(panelCount * Self.panelWidth * 4 * words)
    precondition(tensors.allSatisfy { $0.shape.count == 2 && $0.shape[1] == inputCount }, "matrices of one input side")
    pack(tensors, on: pool)
  }
}
