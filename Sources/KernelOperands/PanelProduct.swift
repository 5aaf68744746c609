/// The operands of a product of packed weights with several vectors.
///
///     y[row][output] = Σ w[output][input] · x[row][input] + bias[output]
///
/// Weights are in panels of 48 outputs, `[panel][input][48]`; the last panel is padded with zeros. 16-bit weights
/// share 32-bit words, `[panel][input / 2][48]`: the lower half belongs to the even input, the upper to the odd one
/// (zero where the number of inputs is odd).
///
/// Threads read the same operands and write to parts of the output that do not overlap, hence `Sendable`.
public struct PanelProduct: @unchecked Sendable {
  /// How weights are held.
  public enum Element: Sendable {
    /// 32-bit IEEE 754.
    case float32
    /// 16-bit IEEE 754.
    case float16
    /// The upper half of 32-bit IEEE 754.
    case bfloat16
  }

  /// Outputs of a panel.
  public static var panelWidth: Int { 48 }

  /// The packed weights.
  public let weights: UnsafeRawPointer
  /// How they are held.
  public let element: Element
  /// Inputs of the matrix.
  public let inputCount: Int
  /// Outputs of the matrix, without padding.
  public let outputCount: Int
  /// What is added, shape [panel][48], padded as the weights; nil for nothing.
  public let bias: UnsafePointer<Float>?
  /// Shape [row][input].
  public let x: UnsafePointer<Float>
  /// Vectors.
  public let rows: Int
  /// Shape [row][output].
  public let y: UnsafeMutablePointer<Float>

  /// The operands, which must stay valid while kernels run.
  public init(
    weights: UnsafeRawPointer, element: Element, inputCount: Int, outputCount: Int, bias: UnsafePointer<Float>?,
    x: UnsafePointer<Float>, rows: Int, y: UnsafeMutablePointer<Float>
  ) {
    self.weights = weights
    self.element = element
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.bias = bias
    self.x = x
    self.rows = rows
    self.y = y
  }
}
