import KernelOperands
/// Root-mean-square norm: `y = w · x / √(mean(x²) + ε)`.
///
/// The squares are summed in sixteen parts.
/// - Source: Zhang and Sennrich 2019 (arXiv 1910.07467).
struct RMSNorm: Sendable {
  /// Shape [size].
  let weight: [Float]
  let epsilon: Float

  /// - Parameters:
  ///   - x: shape [row][size].
  ///   - y: shape [row][size].
  func forward(_ x: borrowing Rows, rows: Int, into y: inout Rows, by engine: Engine) {
    engine.kernels.normalize(x, weight: weight, epsilon: epsilon, into: &y, rows: rows)
  }
}
