import RealModule

/// From random words to uniforms, with every bit accounted for.
///
/// The standard library's floating-point `random` is not used: its algorithm may change between versions.
public enum UniformBits {
  /// A multiple of 2⁻⁵³ in [0, 1) from the upper 53 bits of a word.
  @inlinable
  public static func unit53(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }

  /// A multiple of 2⁻²⁴ in [0, 1) from the upper 24 bits: what many engines use, and what loses rare tokens.
  @inlinable
  public static func unit24(_ word: UInt64) -> Float { Float(word >> 40) * 0x1p-24 }

  /// A uniform in (0, 1) whose resolution is relative: 53 significant bits however close to 0 it falls.
  ///
  /// The binade is a geometric number (leading zeros of as many words as it takes), the significand the next
  /// 52 bits. Values are rounded down, never to 0.
  @inlinable
  public static func fullResolution(using generator: inout some RandomNumberGenerator) -> Double {
    var exponent = -1
    var word = generator.next()
    while word == 0 {
      exponent -= 64
      // 2⁻¹⁰²⁴ is beyond the normal doubles; a generator stuck at 0 must not hang the sampler.
      if exponent < -1000 { return 0x1p-1000 }
      word = generator.next()
    }
    exponent -= word.leadingZeroBitCount
    let significand = generator.next() >> 12
    return Double(sign: .plus, exponent: exponent, significand: 1 + Double(significand) * 0x1p-52)
  }

  /// A standard exponential, positive, with full resolution near 0 where races are decided.
  @inlinable
  public static func exponential(using generator: inout some RandomNumberGenerator) -> Double {
    -Double.log(onePlus: -fullResolution(using: &generator))
  }
}
