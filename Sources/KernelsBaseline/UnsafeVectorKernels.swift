/// The kernels over vectors, between the products: norms, positions, gates, laws.
///
/// Each has the plain loop of the same name as its twin (NaiveTwins); sums are in sixteen parts, number i in part
/// i mod 16, which are then added by halves.
package enum UnsafeVectorKernels {
  typealias Vector = SIMD16<Float>

  /// `y += x`.
  package static func add(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int) {
    var index = 0
    while index + 16 <= count {
      store(load(y + index) + load(x + index), at: y + index)
      index += 16
    }
    while index < count {
      y[index] += x[index]
      index += 1
    }
  }

  /// Whether no number is infinite or a NaN.
  package static func areFinite(_ x: UnsafePointer<Float>, count: Int) -> Bool {
    // A finite number times 0 is 0; an infinity or a NaN makes its sum a NaN.
    var sums = Vector(repeating: 0)
    var index = 0
    while index + 16 <= count {
      sums += load(x + index) * 0
      index += 16
    }
    var rest: Float = 0
    while index < count {
      rest += x[index] * 0
      index += 1
    }
    return total(sums) + rest == 0
  }

  /// `y = weight · x / √(mean(x²) + epsilon)`.
  package static func normalize(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float, into y: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    var sums = Vector(repeating: 0)
    var index = 0
    while index + 16 <= count {
      let numbers = load(x + index)
      sums += numbers * numbers
      index += 16
    }
    while index < count {
      sums[index % 16] += x[index] * x[index]
      index += 1
    }
    let factor = 1 / (total(sums) / Float(count) + epsilon).squareRoot()
    index = 0
    while index + 16 <= count {
      store(load(weight + index) * (load(x + index) * factor), at: y + index)
      index += 16
    }
    while index < count {
      y[index] = weight[index] * (x[index] * factor)
      index += 1
    }
  }

  /// Turns the pairs (x[i], x[i + half]) of a head by angles.
  package static func turn(
    _ x: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, half: Int
  ) {
    var index = 0
    while index + 16 <= half {
      let (cosine, sine) = (load(cosines + index), load(sines + index))
      let (first, second) = (load(x + index), load(x + half + index))
      store(first * cosine - second * sine, at: x + index)
      store(second * cosine + first * sine, at: x + half + index)
      index += 16
    }
    while index < half {
      let (first, second) = (x[index], x[half + index])
      x[index] = first * cosines[index] - second * sines[index]
      x[half + index] = second * cosines[index] + first * sines[index]
      index += 1
    }
  }

  /// `y = silu(gate) · up` with silu(g) = g / (1 + exp(-g)).
  package static func gate(
    _ gate: UnsafePointer<Float>, up: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    var index = 0
    while index + 16 <= count {
      store(gated(load(gate + index), load(up + index)), at: y + index)
      index += 16
    }
    if index == count { return }
    var (rest, other) = (Vector(repeating: 0), Vector(repeating: 0))
    for lane in 0..<count - index { (rest[lane], other[lane]) = (gate[index + lane], up[index + lane]) }
    let result = gated(rest, other)
    for lane in 0..<count - index { y[index + lane] = result[lane] }
  }

  @inline(__always)
  private static func gated(_ gate: Vector, _ up: Vector) -> Vector {
    gate / (1 + Exponential<SeparateArithmetic>.of(0 - gate)) * up
  }

  /// `law = exp(x - max) / Σ exp(x - max)`; the sum is exact enough that the law's own sum is 1 within rounding.
  package static func softmax(_ x: UnsafePointer<Float>, into law: UnsafeMutablePointer<Float>, count: Int) {
    let largest = maximum(x, count: count)
    let total = exponentials(x, minus: largest, into: law, count: count)
    let factor = Float(1 / total)
    var index = 0
    while index + 16 <= count {
      store(load(law + index) * factor, at: law + index)
      index += 16
    }
    while index < count {
      law[index] *= factor
      index += 1
    }
  }

  /// Writes exp(x - largest), and returns the sum: Float within sixteen vectors, Double beyond.
  @inline(__always)
  static func exponentials(
    _ x: UnsafePointer<Float>, minus largest: Float, into weights: UnsafeMutablePointer<Float>, count: Int
  ) -> Double {
    var total = 0.0
    var index = 0
    while index + 16 <= count {
      let end = min(index + 256, count)
      var sums = Vector(repeating: 0)
      while index + 16 <= end {
        let weight = Exponential<SeparateArithmetic>.of(load(x + index) - largest)
        store(weight, at: weights + index)
        sums += weight
        index += 16
      }
      total += Double(self.total(sums))
    }
    if index == count { return total }
    var rest = Vector(repeating: 0)
    for lane in 0..<count - index { rest[lane] = x[index + lane] - largest }
    let result = Exponential<SeparateArithmetic>.of(rest)
    for lane in 0..<count - index {
      weights[index + lane] = result[lane]
      total += Double(result[lane])
    }
    return total
  }

  /// The largest number; at least one, no NaN.
  @inline(__always)
  static func maximum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var largest = Vector(repeating: -.infinity)
    var index = 0
    while index + 16 <= count {
      largest = larger(largest, load(x + index))
      index += 16
    }
    var result = -Float.infinity
    for lane in 0..<16 { result = max(result, largest[lane]) }
    while index < count {
      result = max(result, x[index])
      index += 1
    }
    return result
  }

  /// The sum of sixteen parts, by halves.
  @inline(__always)
  static func total(_ parts: Vector) -> Float {
    let eighths = parts.lowHalf + parts.highHalf
    let quarters = eighths.lowHalf + eighths.highHalf
    let pair = quarters.lowHalf + quarters.highHalf
    return pair[0] + pair[1]
  }

  @inline(__always)
  static func load(_ x: UnsafePointer<Float>) -> Vector { UnsafeRawPointer(x).loadUnaligned(as: Vector.self) }

  @inline(__always)
  static func store(_ vector: Vector, at x: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(x).storeBytes(of: vector, as: Vector.self)
  }
}
