import BigInt

/// An exact fraction in lowest terms with a positive denominator.
///
/// Machine integers with overflow checks carry the common case; a fraction that leaves them is kept over
/// `BigInt` and comes back as soon as it fits. Two equal fractions have the same representation.
public struct Rational: Sendable {
  @usableFromInline let small: Int64
  @usableFromInline let smallDenominator: Int64
  @usableFromInline let large: LargeFraction?

  /// A reduced fraction of machine integers; the denominator must be positive.
  @inlinable
  init(reduced numerator: Int64, over denominator: Int64) {
    small = numerator
    smallDenominator = denominator
    large = nil
  }

  /// A reduced fraction that does not fit machine integers.
  init(boxed fraction: LargeFraction) {
    small = 0
    smallDenominator = 1
    large = fraction
  }

  /// Any fraction over `BigInt`, reduced here and moved to machine integers where it fits.
  @usableFromInline
  init(large numerator: BigInt, over denominator: BigInt) {
    let divisor = numerator.greatestCommonDivisor(with: denominator)
    let sign: BigInt = denominator.sign == .minus ? -1 : 1
    let (top, bottom) = (sign * numerator / divisor, sign * denominator / divisor)
    if let top = Int64(exactly: top), let bottom = Int64(exactly: bottom), top != .min {
      self.init(reduced: top, over: bottom)
    } else {
      self.init(boxed: LargeFraction(numerator: top, denominator: bottom))
    }
  }

  /// The whole number `value`.
  @inlinable
  public init(_ value: Int) {
    self.init(value, 1)
  }

  /// The fraction `numerator / denominator`, reduced.
  ///
  /// - Precondition: the denominator is not 0.
  @inlinable
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(denominator != 0, "a fraction needs a denominator other than 0")
    if numerator == .min || denominator == .min {
      self.init(large: BigInt(numerator), over: BigInt(denominator))
      return
    }
    let divisor = Int64(greatestCommonDivisor(numerator.magnitude, denominator.magnitude))
    let sign: Int64 = denominator < 0 ? -1 : 1
    self.init(reduced: sign * (Int64(numerator) / divisor), over: sign * (Int64(denominator) / divisor))
  }

  /// The fraction `numerator / denominator` of integers of any size, reduced.
  ///
  /// - Precondition: the denominator is not 0.
  public init(_ numerator: BigInt, over denominator: BigInt) {
    precondition(!denominator.isZero, "a fraction needs a denominator other than 0")
    self.init(large: numerator, over: denominator)
  }

  /// The numerator in lowest terms; carries the sign.
  public var numerator: BigInt { large?.numerator ?? BigInt(small) }

  /// The denominator in lowest terms; positive.
  public var denominator: BigInt { large?.denominator ?? BigInt(smallDenominator) }
}

/// A fraction that does not fit machine integers: reduced, with a positive denominator.
@usableFromInline
final class LargeFraction: Sendable {
  @usableFromInline let numerator: BigInt
  @usableFromInline let denominator: BigInt

  @usableFromInline
  init(numerator: BigInt, denominator: BigInt) {
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// Stein's algorithm: shifts and subtractions only, several times faster than division on 64-bit words.
@inlinable
func greatestCommonDivisor<Word: FixedWidthInteger & UnsignedInteger>(_ left: Word, _ right: Word) -> Word {
  if left == 0 { return right == 0 ? 1 : right }
  if right == 0 { return left }
  let shift = (left | right).trailingZeroBitCount
  var (a, b) = (left >> left.trailingZeroBitCount, right)
  repeat {
    b >>= b.trailingZeroBitCount
    if a > b { swap(&a, &b) }
    b -= a
  } while b != 0
  return a << shift
}

extension Rational: Hashable, Comparable {
  /// Whether the fractions are the same number.
  @inlinable
  public static func == (left: Rational, right: Rational) -> Bool {
    if left.large == nil, right.large == nil {
      return left.small == right.small && left.smallDenominator == right.smallDenominator
    }
    return left.numerator == right.numerator && left.denominator == right.denominator
  }

  /// Hashes the reduced fraction.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(numerator)
    hasher.combine(denominator)
  }

  /// Whether one fraction is less than the other, by cross multiplication.
  @inlinable
  public static func < (left: Rational, right: Rational) -> Bool {
    if left.large == nil, right.large == nil {
      if left.smallDenominator == right.smallDenominator { return left.small < right.small }
      return Int128(left.small) * Int128(right.smallDenominator)
        < Int128(right.small) * Int128(left.smallDenominator)
    }
    return left.numerator * right.denominator < right.numerator * left.denominator
  }
}
