/// The operands of a product of packed weights with several vectors.
///
///     y[row][output] = Σ w[output][input] · x[row][input] + bias[output]
///
/// Weights are in panels of 48 outputs, `[panel][input][48]`; the last panel is padded with zeros. 16-bit weights
/// share 32-bit words, `[panel][input / 2][48]`: the lower half belongs to the even input, the upper to the odd one
/// (zero where the number of inputs is odd). Blocks of 32 inputs have words of four codes, with what they share before
/// them: ``Element`` says how.
///
/// Threads read the same operands and write to parts of the output that do not overlap, hence `Sendable`.
package struct PanelProduct: @unchecked Sendable {
  /// How weights are held.
  package enum Element: Sendable {
    /// 32-bit IEEE 754.
    case float32
    /// 16-bit IEEE 754.
    case float16
    /// The upper half of 32-bit IEEE 754.
    case bfloat16
    /// Blocks of 32 inputs: weight = d · (code - 128), a code a byte.
    ///
    /// Two blocks stand together: 48 words with the scales d as F16, the first block's in the lower halves; then each
    /// block's codes, `[input / 4][48]` words of four inputs.
    case q8_0
    /// Blocks of 32 inputs: weight = d · (code - 8), a code half a byte.
    ///
    /// As ``q8_0``, but a block's codes are `[4][48]` words: byte b of word k has input 4k + b in its lower half and
    /// input 16 + 4k + b in its upper.
    case q4_0
    /// Blocks of 32 inputs: weight = d · code + m, a code half a byte.
    ///
    /// Each block has 48 words with d in the lower half and m in the upper, both F16; then the codes as ``q4_0``.
    case q4_1
  }

  /// Outputs of a panel.
  package static var panelWidth: Int { 48 }

  /// The packed weights.
  package let weights: UnsafeRawPointer
  /// How they are held.
  package let element: Element
  /// Inputs of the matrix.
  package let inputCount: Int
  /// Outputs of the matrix, without padding.
  package let outputCount: Int
  /// The bias, shape [panel][48], padded as the weights; nil for none.
  package let bias: UnsafePointer<Float>?
  /// Shape [row][input].
  package let x: UnsafePointer<Float>
  /// Vectors.
  package let rows: Int
  /// The same vectors rounded to 8 bits, for kernels that multiply these.
  package let rounded: RoundedInputs?
  /// Shape [row][output].
  package let y: UnsafeMutablePointer<Float>

  /// The operands, which must stay valid while kernels run.
  package init(
    weights: UnsafeRawPointer, element: Element, inputCount: Int, outputCount: Int, bias: UnsafePointer<Float>?,
    x: UnsafePointer<Float>, rounded: RoundedInputs? = nil, rows: Int, y: UnsafeMutablePointer<Float>
  ) {
    self.weights = weights
    self.element = element
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.bias = bias
    self.x = x
    self.rounded = rounded
    self.rows = rows
    self.y = y
  }
}
