/// exp(x) for sixteen numbers; within 1.2 units in the last place between -87 and 88, and gradual below.
///
/// exp(x) = 2ⁿ · exp(r) with n = x / ln 2 rounded and |r| ≤ ln 2 / 2, where a polynomial of degree 6 serves. With
/// separate arithmetic the bits are the same on every machine, which a C library's are not.
/// - Source: Cody and Waite 1980, chapter 6; coefficients by a minimax fit of (exp(r) - 1 - r) / r² on ±0.3466, whose
///   error is 3·10⁻⁹.
enum Exponential<Sum: Arithmetic> {
  /// - Parameter x: no NaN. Beyond 89 the result is infinite, below -104 it is 0.
  @inline(__always)
  static func of(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let x = clamped(x)
    // Adding 1.5 · 2²³ rounds to an integer, which the low bits then hold.
    let shift = SIMD16<Float>(repeating: 12_582_912)
    var shifted = shift
    Sum.add(x, times: SIMD16(repeating: 1.442_695_04), to: &shifted)
    let n = shifted - shift
    // ln 2 in two parts, of which n times the first is exact.
    var r = x
    Sum.add(n, times: SIMD16(repeating: -0.693_359_375), to: &r)
    Sum.add(n, times: SIMD16(repeating: 2.121_944_4e-4), to: &r)
    var sum = SIMD16<Float>(repeating: 0.001_381_461_2)
    sum = times(sum, r, plus: 0.008_368_711)
    sum = times(sum, r, plus: 0.041_668_39)
    sum = times(sum, r, plus: 0.166_665_21)
    sum = times(sum, r, plus: 0.499_999_94)
    sum = times(sum, r, plus: 1)
    sum = times(sum, r, plus: 1)
    // Two factors, since 2ⁿ may be too small or too large for a Float where exp(x) is not.
    let power = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- Int32(bitPattern: Float(12_582_912).bitPattern)
    let half = power &>> 1
    return sum * powerOfTwo(half) * powerOfTwo(power &- half)
  }

  @inline(__always)
  private static func times(_ a: SIMD16<Float>, _ b: SIMD16<Float>, plus addend: Float) -> SIMD16<Float> {
    var sum = SIMD16<Float>(repeating: addend)
    Sum.add(a, times: b, to: &sum)
    return sum
  }

  @inline(__always)
  private static func powerOfTwo(_ n: SIMD16<Int32>) -> SIMD16<Float> {
    unsafeBitCast((n &+ 127) &<< 23, to: SIMD16<Float>.self)
  }

  /// x in -104...89.
  @inline(__always)
  private static func clamped(_ x: SIMD16<Float>) -> SIMD16<Float> {
    smaller(larger(x, SIMD16(repeating: -104)), SIMD16(repeating: 89))
  }
}
