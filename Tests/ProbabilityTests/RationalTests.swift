import BigInt
import Probability
import Testing

@Suite struct RationalTests {
  /// Fractions small and large: near the edge of machine integers and beyond it.
  static let values: [Rational] = {
    var generator = SplitMix64(seed: 5)
    var values: [Rational] = [
      .zero, .one, Rational(-3, 7), Rational(Int.max), Rational(Int.min), Rational(1, Int.max),
    ]
    for bits in [4, 16, 31, 33, 62] {
      for _ in 0..<6 {
        let top = Int(truncatingIfNeeded: generator.next()) >> (63 - bits)
        let bottom = Int(generator.next() >> UInt64(63 - bits)) + 1
        values.append(Rational(top, bottom))
      }
    }
    return values + [values[3] * values[3] / Rational(7), values[5] * values[5]]
  }()

  /// The same number over `BigInt` alone: the naive twin.
  func big(_ value: Rational) -> (BigInt, BigInt) { (value.numerator, value.denominator) }

  @Test func arithmeticAgreesWithBigIntegers() {
    for left in Self.values {
      for right in Self.values {
        let ((a, b), (c, d)) = (big(left), big(right))
        let sum = left + right
        #expect(sum.numerator * (b * d) == (a * d + c * b) * sum.denominator)
        let product = left * right
        #expect(product.numerator * (b * d) == (a * c) * product.denominator)
        #expect((left < right) == (a * d < c * b))
        #expect((left == right) == (a * d == c * b))
        #expect(left - right + right == left)
        if right != .zero { #expect(left / right * right == left) }
        #expect(sum.denominator > 0 && sum.numerator.greatestCommonDivisor(with: sum.denominator) == 1)
      }
    }
  }

  @Test func equalFractionsHashAlike() {
    #expect(Rational(2, 4).hashValue == Rational(1, 2).hashValue)
    let large = Rational(Int.max) * Rational(Int.max)
    #expect(large / Rational(Int.max) == Rational(Int.max))
    #expect((large / Rational(Int.max)).hashValue == Rational(Int.max).hashValue)
  }

  @Test func textRoundTrips() {
    for value in Self.values { #expect(Rational(value.description) == value) }
    #expect(Rational("0.125") == Rational(1, 8))
    #expect(Rational("-6/4") == Rational(-3, 2))
    for text in ["", "1/0", "a", "1/2/3", "1.2.3", "1/-2", "0x1", " 1"] { #expect(Rational(text) == nil) }
  }

  @Test func doublesAreExact() {
    for value in [0.1, -2.5, 0x1p-1074, 1e300, 1 / 3.0, 0] {
      #expect(Rational(exactly: value)?.approximation == value)
    }
    #expect(Rational(exactly: .nan) == nil)
    #expect(Rational(exactly: .infinity) == nil)
    #expect(Rational(exactly: 0.1) != Rational(1, 10))
  }

  @Test func powersAreExactOrRefused() throws {
    #expect(try Rational(2, 3).raised(toReciprocalOf: 0.5) == Rational(4, 9))
    #expect(try Rational(2, 3).raised(toReciprocalOf: 0.25) == Rational(16, 81))
    #expect(throws: ProbabilityError.inexactPower(temperature: 0.7)) {
      try Rational(2, 3).raised(toReciprocalOf: 0.7)
    }
  }
}
