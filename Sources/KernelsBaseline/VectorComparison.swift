/// The larger of each pair of numbers, none of which is a NaN.
///
/// By the sign of their difference: the standard library's `pointwiseMax` and comparisons are loops over lanes, and
/// generic, so that their code would be shared with modules that must run on lesser processors.
@inline(__always)
func larger(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
  choose(a, b, where: unsafeBitCast(a - b, to: SIMD16<Int32>.self) &>> 31)
}

/// The smaller of each pair of numbers, none of which is a NaN.
@inline(__always)
func smaller(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
  choose(a, b, where: unsafeBitCast(b - a, to: SIMD16<Int32>.self) &>> 31)
}

/// `b` where the mask is all ones, `a` where it is 0.
@inline(__always)
private func choose(_ a: SIMD16<Float>, _ b: SIMD16<Float>, where mask: SIMD16<Int32>) -> SIMD16<Float> {
  let (a, b) = (unsafeBitCast(a, to: SIMD16<Int32>.self), unsafeBitCast(b, to: SIMD16<Int32>.self))
  return unsafeBitCast(a ^ ((a ^ b) & mask), to: SIMD16<Float>.self)
}
