/// Root-mean-square norm: `y = w · x / √(mean(x²) + ε)`.
///
/// The squares are summed in order, in Double.
/// - Source: Zhang and Sennrich 2019 (arXiv 1910.07467).
struct RMSNorm: Sendable {
  /// Shape [size].
  let weight: [Float]
  let epsilon: Float

  /// - Parameters:
  ///   - x: shape [row][size].
  ///   - y: shape [row][size].
  func forward(_ x: borrowing Rows, rows: Int, into y: inout Rows) {
    y.reserve(rows)
    let size = weight.count
    let weight = weight.span
    let input = x.values.span
    var output = y.values.mutableSpan
    for row in 0..<rows {
      let start = row * size
      var squares = 0.0
      for index in 0..<size { squares += Double(input[start + index]) * Double(input[start + index]) }
      let factor = Float(1 / (squares / Double(size) + Double(epsilon)).squareRoot())
      for index in 0..<size { output[start + index] = weight[index] * (input[start + index] * factor) }
    }
  }
}
