/// The kernels as plain loops: what they compute, and in which order.
///
/// Slow and obvious. With deterministic arithmetic the kernels must equal these bit for bit, else up to rounding.
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

  /// Σ a[i] · b[i] in sixteen partial sums (i mod 16), which are then added by halves.
  static func dot(_ a: [Float], _ b: [Float]) -> Float { sum(zip(a, b).map { $0 * $1 }) }

  /// The sum in sixteen parts, number i in part i mod 16, which are then added by halves.
  static func sum(_ numbers: [Float]) -> Float {
    var parts = [Float](repeating: 0, count: 16)
    for i in numbers.indices { parts[i % 16] += numbers[i] }
    return total(parts)
  }

  /// The sum of parts whose number is a power of two: the first half is added to the second, and so on.
  static func total(_ parts: [Float]) -> Float {
    if parts.count == 1 { return parts[0] }
    let half = parts.count / 2
    return total((0..<half).map { parts[$0] + parts[half + $0] })
  }

  /// One head's attention: the values, weighted by the softmax of the scaled scores, in the order given.
  ///
  /// - Parameters:
  ///   - query: [headSize].
  ///   - keys: [position][headSize], in the order of positions.
  ///   - values: the same.
  static func attend(query: [Float], keys: [[Float]], values: [[Float]]) -> [Float] {
    let scale = 1 / Float(query.count).squareRoot()
    let scores = keys.map { dot(query, $0) * scale }
    let (weights, total) = exponentials(scores)
    var output = [Float](repeating: 0, count: query.count)
    for position in weights.indices {
      for i in output.indices { output[i] += weights[position] * values[position][i] }
    }
    let factor = Float(1 / total)
    return output.map { $0 * factor }
  }
}
