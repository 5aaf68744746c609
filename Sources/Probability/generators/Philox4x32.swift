/// Philox4x32-10: the 32-bit sibling of ``Philox4x64``, for ports that have no 64-bit multiplication.
///
/// - Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123).
public enum Philox4x32 {
  /// Ten rounds of the Philox bijection.
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (a, b, c, d) = (counter.x, counter.y, counter.z, counter.w)
    var (left, right) = (key.x, key.y)
    for _ in 0..<10 {
      let first = a.multipliedFullWidth(by: 0xD251_1F53)
      let second = c.multipliedFullWidth(by: 0xCD9E_8D57)
      (a, b, c, d) = (second.high ^ b ^ left, second.low, first.high ^ d ^ right, first.low)
      left &+= 0x9E37_79B9
      right &+= 0xBB67_AE85
    }
    return SIMD4(a, b, c, d)
  }
}
