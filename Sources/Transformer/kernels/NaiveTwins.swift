import RealModule

/// The kernels as plain loops: what they compute, and in which order.
///
/// Slow and obvious. The deterministic kernels must equal these bit for bit, faster ones up to rounding.
enum NaiveTwins {
  /// `y[row][output] = Σ w[output][input] · x[row][input] + bias[output]`, summed in the order of inputs.
  ///
  /// - Parameters:
  ///   - weights: [output][input], as PyTorch stores them.
  ///   - bias: [output], or empty.
  ///   - x: [row][input].
  static func multiply(_ weights: [Float], bias: [Float], inputCount: Int, by x: [Float]) -> [Float] {
    let outputCount = weights.count / inputCount
    var y: [Float] = []
    for row in 0..<x.count / inputCount {
      for output in 0..<outputCount {
        var sum: Float = 0
        for k in 0..<inputCount { sum += weights[output * inputCount + k] * x[row * inputCount + k] }
        y.append(bias.isEmpty ? sum : sum + bias[output])
      }
    }
    return y
  }

  /// Σ a[i] · b[i] in eight partial sums (i mod 8), which are then added by halves.
  static func dot(_ a: [Float], _ b: [Float]) -> Float {
    var sums = [Float](repeating: 0, count: 8)
    for i in a.indices { sums[i % 8] += a[i] * b[i] }
    let (first, second) = ((sums[0] + sums[4]) + (sums[2] + sums[6]), (sums[1] + sums[5]) + (sums[3] + sums[7]))
    return first + second
  }

  /// One head's attention: the values, weighted by the softmax of the scaled scores, in the order given.
  ///
  /// - Parameters:
  ///   - query: [headSize].
  ///   - keys: [position][headSize], in the order of positions.
  ///   - values: the same.
  static func attend(query: [Float], keys: [[Float]], values: [[Float]]) -> [Float] {
    let scale = 1 / Float(query.count).squareRoot()
    var weights = keys.map { dot(query, $0) * scale }
    let largest = weights.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
    var total = 0.0
    for position in weights.indices {
      weights[position] = Float.exp(weights[position] - largest)
      total += Double(weights[position])
    }
    var output = [Float](repeating: 0, count: query.count)
    for position in weights.indices {
      for i in output.indices { output[i] += weights[position] * values[position][i] }
    }
    let factor = Float(1 / total)
    return output.map { $0 * factor }
  }
}
