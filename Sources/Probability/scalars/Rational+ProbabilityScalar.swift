import BigInt

extension Rational: ProbabilityScalar {
  /// The fraction 1/1.
  @inlinable public static var one: Rational { Rational(reduced: 1, over: 1) }

  /// The value itself.
  @inlinable public init(nearest value: Rational) { self = value }

  /// The value itself.
  @inlinable public var summand: Rational { self }

  /// The sum itself.
  @inlinable public init(rounding sum: Rational) { self = sum }

  /// Always: a fraction is neither NaN nor infinite.
  @inlinable public var isFinite: Bool { true }

  /// The value itself.
  @inlinable public var exact: Rational? { self }

  /// The nearest double, within one unit in the last place.
  public var approximation: Double {
    if large == nil { return Double(small) / Double(smallDenominator) }
    let (top, bottom) = (numerator.magnitude, denominator.magnitude)
    // Scale so that the integer quotient has 64 bits or 65, more than a double holds.
    let shift = 64 - (top.bitWidth - bottom.bitWidth)
    let quotient = shift >= 0 ? (top << shift) / bottom : top / (bottom << -shift)
    let magnitude = Double(sign: .plus, exponent: -shift, significand: Double(quotient))
    return numerator.sign == .minus ? -magnitude : magnitude
  }

  /// 0: rationals do not round.
  @inlinable public static var unitRoundoff: Double { 0 }

  /// 8 halvings: fractions stay short, and a threshold on the safe side is exact wherever it lies.
  @inlinable public static var bisectionSteps: Int { 8 }

  /// The value to the power 1 / `temperature`, exact where that is a whole number.
  ///
  /// - Throws: ``ProbabilityError/inexactPower(temperature:)`` otherwise.
  public func raised(toReciprocalOf temperature: Double) throws(ProbabilityError) -> Rational {
    let exponent = (1 / temperature).rounded()
    guard exponent >= 1, exponent <= 64, 1 / exponent == temperature else {
      throw .inexactPower(temperature: temperature)
    }
    return (1..<Int(exponent)).reduce(self) { power, _ in power * self }
  }

  /// Whether `uniform · denominator < numerator`, exactly.
  @inlinable
  public static func isProduct(of uniform: Double, and denominator: Rational, below numerator: Rational) -> Bool {
    (Rational(exactly: uniform) ?? .one) * denominator < numerator
  }

  /// The first index whose cumulative weight exceeds `uniform · total`, exactly; -1 if every weight is 0.
  @inlinable
  public static func index(of uniform: Double, in weights: Span<Rational>, total: Rational) -> Int {
    let threshold = (Rational(exactly: uniform) ?? .one) * total
    var cumulative = Rational.zero
    var last = -1
    for index in 0..<weights.count where weights[index] > .zero {
      cumulative += weights[index]
      last = index
      if cumulative > threshold { break }
    }
    return last
  }

  /// The exact value of a double; `nil` for NaN and infinities.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    if value == 0 {
      self = .zero
      return
    }
    let significand = BigInt(value.significandBitPattern | (value.isNormal ? 1 << 52 : 0))
    let exponent = (value.isNormal ? Int(value.exponentBitPattern) : 1) - 1075
    let signed = value < 0 ? -significand : significand
    self.init(
      large: exponent > 0 ? signed << exponent : signed, over: exponent < 0 ? BigInt(1) << -exponent : 1)
  }
}

extension Rational: LosslessStringConvertible, ExpressibleByIntegerLiteral {
  /// "p/q", or "p" for a whole number.
  public var description: String {
    denominator == 1 ? numerator.description : "\(numerator)/\(denominator)"
  }

  /// Reads "p/q", "p", or a finite decimal such as "0.125".
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 2, let first = parts.first else { return nil }
    if parts.count == 2 {
      guard let top = BigInt(first), let bottom = BigInt(parts[1]), bottom > 0 else { return nil }
      self.init(large: top, over: bottom)
      return
    }
    let decimal = first.split(separator: ".", omittingEmptySubsequences: false)
    guard decimal.count <= 2 else { return nil }
    let fraction = decimal.count == 2 ? decimal[1] : ""
    guard fraction.allSatisfy(\.isWholeNumber), let digits = BigInt(decimal[0] + fraction) else { return nil }
    self.init(large: digits, over: BigInt(10).power(fraction.count))
  }

  /// A whole number.
  @inlinable public init(integerLiteral value: Int) { self.init(value) }
}
