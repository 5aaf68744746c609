/// Layer norm: `y = w · (x - mean(x)) / √(variance(x) + ε) + b`.
///
/// Mean and variance are summed in order, in Double; the variance is that of a whole population.
/// - Source: Ba et al. 2016 (arXiv 1607.06450).
struct LayerNorm: Sendable {
  /// PyTorch's ε, which OPT uses.
  static let epsilon = 1e-5

  /// Shape [size].
  let weight: [Float]
  /// Shape [size].
  let bias: [Float]

  /// - Parameters:
  ///   - x: shape [row][size].
  ///   - y: shape [row][size].
  func forward(_ x: borrowing Rows, rows: Int, into y: inout Rows) {
    y.reserve(rows)
    let size = weight.count
    let weight = weight.span
    let bias = bias.span
    let input = x.values.span
    var output = y.values.mutableSpan
    for row in 0..<rows {
      let start = row * size
      var sum = 0.0
      for index in 0..<size { sum += Double(input[start + index]) }
      let mean = sum / Double(size)
      var squares = 0.0
      for index in 0..<size {
        let deviation = Double(input[start + index]) - mean
        squares += deviation * deviation
      }
      let factor = Float(1 / (squares / Double(size) + Self.epsilon).squareRoot())
      let centre = Float(mean)
      for index in 0..<size {
        output[start + index] = weight[index] * ((input[start + index] - centre) * factor) + bias[index]
      }
    }
  }
}
