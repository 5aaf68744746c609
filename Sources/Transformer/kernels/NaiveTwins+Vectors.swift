extension NaiveTwins {
  /// exp(x) as the kernels compute it: 2ⁿ · exp(r), the latter by a polynomial, without fused multiply-adds.
  static func exponential(_ x: Float) -> Float {
    let x = min(max(x, -104), 89)
    let shifted = 12_582_912 + x * 1.442_695_04
    let n = shifted - 12_582_912
    var r = x + n * -0.693_359_375
    r += n * 2.121_944_4e-4
    var sum: Float = 0.001_381_461_2
    for coefficient: Float in [0.008_368_711, 0.041_668_39, 0.166_665_21, 0.499_999_94, 1, 1] {
      sum = coefficient + sum * r
    }
    let half = Int(n) >> 1
    return sum * Float(sign: .plus, exponent: half, significand: 1)
      * Float(sign: .plus, exponent: Int(n) - half, significand: 1)
  }

  /// exp(x − max) of each number, and their sum: in sixteen parts within 256 numbers, in Double beyond; what is left
  /// behind whole vectors of sixteen is added one by one.
  static func exponentials(_ x: [Float]) -> (weights: [Float], total: Double) {
    let largest = x.reduce(-Float.infinity, max)
    let weights = x.map { exponential($0 - largest) }
    let whole = x.count / 16 * 16
    var total = 0.0
    for start in stride(from: 0, to: whole, by: 256) {
      total += Double(sum(Array(weights[start..<min(start + 256, whole)])))
    }
    for weight in weights[whole...] { total += Double(weight) }
    return (weights, total)
  }

  /// exp(x − max) / Σ exp(x − max).
  static func softmax(_ x: [Float]) -> [Float] {
    let (weights, total) = exponentials(x)
    let factor = Float(1 / total)
    return weights.map { $0 * factor }
  }

  /// `weight · x / √(mean(x²) + epsilon)`.
  static func normalize(_ x: [Float], weight: [Float], epsilon: Float) -> [Float] {
    let factor = 1 / (dot(x, x) / Float(x.count) + epsilon).squareRoot()
    return zip(weight, x).map { $0 * ($1 * factor) }
  }

  /// Turns the pairs (x[i], x[i + half]) by angles.
  static func turn(_ x: [Float], cosines: [Float], sines: [Float]) -> [Float] {
    let half = x.count / 2
    let first = (0..<half).map { x[$0] * cosines[$0] - x[half + $0] * sines[$0] }
    let second = (0..<half).map { x[half + $0] * cosines[$0] + x[$0] * sines[$0] }
    return first + second
  }

  /// silu(gate) · up with silu(g) = g / (1 + exp(−g)).
  static func gate(_ gate: [Float], up: [Float]) -> [Float] {
    zip(gate, up).map { $0 / (1 + exponential(0 - $0)) * $1 }
  }
}
