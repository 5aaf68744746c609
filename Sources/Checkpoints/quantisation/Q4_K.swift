/// Q4_K: 256 weights in 144 bytes, in groups of 32.
///
///     bytes 0–1      d, an F16
///     bytes 2–3      e, an F16
///     bytes 4–15     the groups' scales s and least weights' multiples m (``GroupScales``)
///     bytes 16–143   q: for each 64 weights 32 bytes; byte i holds weight i in its lower half, weight 32 + i in its
///                    upper
///
///     weight = (d · s) · q - (e · m)
enum Q4_K: QuantisedBlock {
  static let length = 256
  static let byteCount = 144

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let scales = GroupScales(block)
    for group in 0..<8 {
      let (scale, least) = scales[group]
      let shift = SIMD16<UInt8>(repeating: group % 2 == 0 ? 0 : 4)
      for part in 0..<2 {
        let q = (block.sixteen(at: 16 + 32 * (group / 2) + 16 * part) &>> shift) & 15
        weights.store(scale * q.floats() - least, at: 32 * group + 16 * part)
      }
    }
  }
}

/// The scales of Q4_K and Q5_K: sixteen numbers of 6 bits in bytes 4–15, with F16 factors before them.
///
///     bytes 4–7     s of groups 0–3 in the lower six bits; above them the upper two bits of s of groups 4–7
///     bytes 8–11    m of groups 0–3 in the lower six bits; above them the upper two bits of m of groups 4–7
///     bytes 12–15   of groups 4–7 the lower four bits of s in the lower half, of m in the upper
struct GroupScales {
  private let block: BlockBytes
  private let d: Float
  private let e: Float

  @inline(__always)
  init(_ block: BlockBytes) {
    self.block = block
    d = block.half(at: 0)
    e = block.half(at: 2)
  }

  /// A group's scale, d · s, and what is taken off its weights, e · m.
  @inline(__always)
  subscript(group: Int) -> (scale: Float, least: Float) {
    if group < 4 { return (d * Float(block[4 + group] & 63), e * Float(block[8 + group] & 63)) }
    let lower = block[8 + group]
    let s = lower & 15 | (block[group] >> 6) << 4
    let m = lower >> 4 | (block[4 + group] >> 6) << 4
    return (d * Float(s), e * Float(m))
  }
}
