extension KolmogorovSmirnov {
  /// The most samples for which the body of the law is exact.
  public static let largestExact = 1000

  /// P(D ≥ `statistic`) for `samples` independent uniform numbers.
  ///
  /// - n·D² ≥ 4 (a p-value below 7e-4), any n: twice the exact one-sided tail of Birnbaum and Tingey (Annals of
  ///   Mathematical Statistics 22, 1951), as Simard and L'Ecuyer (Journal of Statistical Software 39(11), 2011) do;
  ///   right to 10 figures up to n = 1000, and to 8 up to 10⁶.
  /// - Otherwise, n ≤ 1000: exact, by the matrix power of Marsaglia, Tsang and Wang (Journal of Statistical Software
  ///   8(18), 2003), to 1e-12.
  /// - Otherwise: the asymptotic series at (√n + 0.12 + 0.11/√n)·D, the correction of Stephens (JRSS B 32, 1970). It is
  ///   an approximation, within 0.14/√n of the exact p-value (0.0042 at n = 1001).
  /// - Parameters:
  ///   - statistic: 0 to 1.
  ///   - samples: at least 1.
  /// - Throws: ``StatisticsError/argument(_:)`` outside those ranges.
  /// - Complexity: O(n) in the tail, O(n^1.5 log n) in the exact body, O(1) in the series.
  public static func upperTail(_ statistic: Double, samples: Int) throws(StatisticsError) -> Double {
    guard samples >= 1 else { throw .argument("a test of uniformity needs at least one number") }
    guard statistic >= 0, statistic <= 1 else {
      throw .argument("a Kolmogorov-Smirnov statistic is 0 to 1, not \(statistic)")
    }
    let count = Double(samples)
    // No empirical function is nearer to the uniform one than half a step.
    if 2 * count * statistic <= 1 { return 1 }
    if statistic == 1 { return 0 }
    if count * statistic * statistic >= 4 {
      return min(1, 2 * (try oneSidedUpperTail(statistic, samples: samples)))
    }
    if samples <= largestExact { return max(0, 1 - exactLowerTail(statistic, samples: samples)) }
    let root = count.squareRoot()
    return asymptoticUpperTail((root + 0.12 + 0.11 / root) * statistic)
  }

  /// P(D⁺ ≥ d) = d Σⱼ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j) over 0 ≤ j ≤ n(1 − d): all terms positive.
  static func oneSidedUpperTail(_ statistic: Double, samples: Int) throws(StatisticsError) -> Double {
    let count = Double(samples)
    let logFactorial = try GSL.logGamma(count + 1)
    var sum = 0.0
    for index in 0..<samples {
      let chosen = Double(index)
      let reached = statistic + chosen / count
      guard reached < 1 else { break }
      let logChoose =
        logFactorial - (try GSL.logGamma(chosen + 1)) - (try GSL.logGamma(count - chosen + 1))
      let logPowers =
        (chosen - 1) * Logarithm.natural(reached) + (count - chosen) * Logarithm.natural(1 - reached)
      sum += Logarithm.exponential(logChoose + logPowers)
    }
    return statistic * sum
  }

  /// P(√n D ≥ x) as n → ∞: 2 Σⱼ (−1)^(j−1) e^(−2j²x²).
  static func asymptoticUpperTail(_ x: Double) -> Double {
    // Below 0.2 the lower tail is under 1e-12, and the series would need many terms to say so.
    if x < 0.2 { return 1 }
    var sum = 0.0
    var sign = 1.0
    var index = 1.0
    while true {
      let term = Logarithm.exponential(-2 * index * index * x * x)
      sum += sign * term
      if term <= 1e-17 { break }
      sign = -sign
      index += 1
    }
    return min(1, max(0, 2 * sum))
  }

  /// P(D < d) = n!/nⁿ · (Hⁿ)ₖₖ, H being (2k − 1) × (2k − 1), k = ⌊nd⌋ + 1 and h = k − nd.
  static func exactLowerTail(_ statistic: Double, samples: Int) -> Double {
    let scaled = Double(samples) * statistic
    let half = Int(scaled) + 1
    let size = 2 * half - 1
    let rest = Double(half) - scaled
    // H[i][j] is 1/(i − j + 1)! on and below the first superdiagonal, before the corrections of the rim.
    var inverseFactorials = [1.0]
    for index in 1...size { inverseFactorials.append(inverseFactorials[index - 1] / Double(index)) }
    var powers = [1.0]
    for index in 1...size { powers.append(powers[index - 1] * rest) }
    var step = Matrix(size: size)
    for row in 0..<size {
      for column in 0...min(row + 1, size - 1) {
        step[row, column] = inverseFactorials[row - column + 1]
      }
    }
    for index in 0..<size {
      step[index, 0] -= powers[index + 1] * inverseFactorials[index + 1]
      step[size - 1, index] -= powers[size - index] * inverseFactorials[size - index]
    }
    if 2 * rest > 1 {
      let corner = (0..<size).reduce(1.0) { power, _ in power * (2 * rest - 1) }
      step[size - 1, 0] += corner * inverseFactorials[size]
    }
    let power = step.raised(to: samples)
    var value = power[half - 1, half - 1]
    var exponent = power.exponent
    for index in 1...samples {
      value *= Double(index) / Double(samples)
      // n!/nⁿ alone leaves the range from n = 710 on.
      if value < Matrix.scale, value > 0 {
        value /= Matrix.scale
        exponent -= 1
      }
    }
    while exponent > 0 {
      value /= Matrix.scale
      exponent -= 1
    }
    while exponent < 0 {
      value *= Matrix.scale
      exponent += 1
    }
    return value
  }
}

/// A square matrix times a power of 2⁴⁰⁰, so that high powers of it stay in range.
private struct Matrix {
  /// 2⁻⁴⁰⁰: dividing by it is exact.
  static let scale = Double(sign: .plus, exponent: -400, significand: 1)

  let size: Int
  private var elements: [Double]
  /// The true elements are the stored ones times 2^(400 · exponent).
  var exponent = 0

  init(size: Int) {
    self.size = size
    elements = Array(repeating: 0, count: size * size)
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  static func * (left: Matrix, right: Matrix) -> Matrix {
    var product = Matrix(size: left.size)
    product.exponent = left.exponent + right.exponent
    for row in 0..<left.size {
      for inner in 0..<left.size where left[row, inner] != 0 {
        let factor = left[row, inner]
        for column in 0..<left.size { product[row, column] += factor * right[inner, column] }
      }
    }
    if product[left.size / 2, left.size / 2] > 1 / scale {
      for index in product.elements.indices { product.elements[index] *= scale }
      product.exponent += 1
    }
    return product
  }

  /// The matrix to the power of `count` ≥ 1, by squaring.
  func raised(to count: Int) -> Matrix {
    if count == 1 { return self }
    let root = raised(to: count / 2)
    let square = root * root
    return count.isMultiple(of: 2) ? square : square * self
  }
}
