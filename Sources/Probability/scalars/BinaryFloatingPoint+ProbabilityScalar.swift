import RealModule

extension Double: ProbabilityScalar {
  /// The probability of a certain event.
  @inlinable public static var one: Double { 1 }

  /// The double nearest to an exact value.
  @inlinable public init(nearest value: Rational) { self = value.approximation }

  /// The value itself.
  @inlinable public var approximation: Double { self }

  /// Every finite double is a rational: this is it.
  public var exact: Rational? { Rational(exactly: self) }

  /// 2⁻⁵³.
  @inlinable public static var unitRoundoff: Double { 0x1p-53 }

  /// 40 halvings: a threshold within 1e-12.
  @inlinable public static var bisectionSteps: Int { 40 }

  /// The value to the power 1 / `temperature`.
  public func raised(toReciprocalOf temperature: Double) -> Double {
    self == 0 ? 0 : Double.pow(self, 1 / temperature)
  }

  /// Whether `uniform · denominator < numerator`, in double precision.
  @inlinable
  public static func isProduct(of uniform: Double, and denominator: Double, below numerator: Double) -> Bool {
    uniform * denominator < numerator
  }

  /// The first index whose cumulative weight exceeds `uniform · total`; never one of weight 0.
  @inlinable
  public static func index(of uniform: Double, in weights: Span<Double>, total: Double) -> Int {
    Laws.index(of: uniform, in: weights, total: total)
  }
}

extension Float: ProbabilityScalar {
  /// The probability of a certain event.
  @inlinable public static var one: Float { 1 }

  /// The float nearest to an exact value (rounded through `Double`).
  @inlinable public init(nearest value: Rational) { self = Float(value.approximation) }

  /// The same value as a double, exactly.
  @inlinable public var approximation: Double { Double(self) }

  /// Every finite float is a rational: this is it.
  public var exact: Rational? { Rational(exactly: Double(self)) }

  /// 2⁻²⁴.
  @inlinable public static var unitRoundoff: Double { 0x1p-24 }

  /// 20 halvings: a threshold within 1e-6.
  @inlinable public static var bisectionSteps: Int { 20 }

  /// The value to the power 1 / `temperature`, computed in double precision.
  public func raised(toReciprocalOf temperature: Double) -> Float {
    self == 0 ? 0 : Float(Double.pow(Double(self), 1 / temperature))
  }

  /// Whether `uniform · denominator < numerator`, in double precision.
  @inlinable
  public static func isProduct(of uniform: Double, and denominator: Float, below numerator: Float) -> Bool {
    uniform * Double(denominator) < Double(numerator)
  }

  /// The first index whose cumulative weight exceeds `uniform · total`, summed in double precision.
  @inlinable
  public static func index(of uniform: Double, in weights: Span<Float>, total: Float) -> Int {
    Laws.index(of: uniform, in: weights, total: total)
  }
}

extension Laws {
  /// The inverse of the cumulative sum, in double precision whatever the weights are stored in.
  ///
  /// A rare token at the end of a law in `Float` keeps its probability this way: single-precision sums lose
  /// it below 2⁻²⁴.
  @inlinable
  static func index<Weight: BinaryFloatingPoint>(
    of uniform: Double, in weights: Span<Weight>, total: Weight
  ) -> Int {
    let threshold = uniform * Double(total)
    var cumulative = 0.0
    for index in 0..<weights.count {
      // Starting at 0 ≤ threshold, the sum can pass the threshold only at a positive weight.
      cumulative += Double(weights[index])
      if cumulative > threshold { return index }
    }
    for index in stride(from: weights.count - 1, through: 0, by: -1) where weights[index] > 0 {
      return index
    }
    return -1
  }
}
