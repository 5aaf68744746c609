import RealModule

extension Double: ProbabilityScalar {
  /// The probability of a certain event.
  @inlinable public static var one: Double { 1 }

  /// The double nearest to an exact value.
  @inlinable public init(nearest value: Rational) { self = value.approximation }

  /// The value itself.
  @inlinable public var approximation: Double { self }

  /// The value itself.
  @inlinable public var summand: Double { self }

  /// The sum itself.
  @inlinable public init(rounding sum: Double) { self = sum }

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

  /// The same index, by the sums of blocks that are known already.
  @inlinable
  public static func index(
    of uniform: Double, in weights: Span<Double>, sums: borrowing BlockSums<Double>, total: Double
  ) -> Int {
    Laws.index(of: uniform, in: weights, sums: sums.sums.span, total: total)
  }
}

extension Float: ProbabilityScalar {
  /// The probability of a certain event.
  @inlinable public static var one: Float { 1 }

  /// The float nearest to an exact value (rounded through `Double`).
  @inlinable public init(nearest value: Rational) { self = Float(value.approximation) }

  /// The same value as a double, exactly.
  @inlinable public var approximation: Double { Double(self) }

  /// The same value as a double, exactly.
  @inlinable public var summand: Double { Double(self) }

  /// The float nearest to a sum.
  @inlinable public init(rounding sum: Double) { self = Float(sum) }

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

  /// The same index, by the sums of blocks that are known already.
  @inlinable
  public static func index(
    of uniform: Double, in weights: Span<Float>, sums: borrowing BlockSums<Float>, total: Float
  ) -> Int {
    Laws.index(of: uniform, in: weights, sums: sums.sums.span, total: total)
  }
}

extension Laws {
  /// The inverse of the cumulative sum, in double precision whatever the weights are stored in.
  ///
  /// A rare token at the end of a law in `Float` keeps its probability this way: single-precision sums lose
  /// it below 2⁻²⁴. Many weights are passed over in blocks, by the sums of the blocks.
  /// - Parameter sums: those of the blocks, as ``BlockSums`` has them; where there are none they are computed on the way.
  @inlinable
  static func index<Weight: BinaryFloatingPoint & ProbabilityScalar>(
    of uniform: Double, in weights: Span<Weight>, sums: Span<Double> = Span(), total: Weight
  ) -> Int where Weight.Sum == Double {
    let threshold = uniform * Double(total)
    if weights.count <= blockSize { return index(in: weights, 0..<weights.count, above: threshold, from: 0) }
    var start = 0
    var cumulative = 0.0
    while start < weights.count {
      let block = start..<min(start + blockSize, weights.count)
      let sum = sums.count > 0 ? sums[start / blockSize] : blockSum(of: weights, in: block)
      if cumulative + sum > threshold { return index(in: weights, block, above: threshold, from: cumulative) }
      cumulative += sum
      start = block.upperBound
    }
    return index(in: weights, 0..<weights.count, above: .infinity, from: 0)
  }

  /// The first index of a range at which the cumulative sum exceeds a threshold, or else its last of positive weight.
  @inlinable @inline(always)
  static func index<Weight: BinaryFloatingPoint>(
    in weights: Span<Weight>, _ range: Range<Int>, above threshold: Double, from start: Double
  ) -> Int {
    var cumulative = start
    if threshold < .infinity {
      for index in range {
        // Starting at or below the threshold, the sum can pass it only at a positive weight.
        cumulative += Double(weights[index])
        if cumulative > threshold { return index }
      }
    }
    for index in range.reversed() where weights[index] > 0 { return index }
    return -1
  }
}
