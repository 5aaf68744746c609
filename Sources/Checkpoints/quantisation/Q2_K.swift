/// Q2_K: 256 weights in 84 bytes, in groups of 16.
///
///     bytes 0–15    a byte a group: its scale s in the lower half, its least weight's multiple m in the upper
///     bytes 16–79   q: for each 128 weights 32 bytes; byte i holds weights i, 32 + i, 64 + i and 96 + i, the first in
///                   its lowest two bits
///     bytes 80–81   d, an F16
///     bytes 82–83   e, an F16
///
///     weight = (d · s) · q - (e · m)
enum Q2_K: QuantisedBlock {
  static let length = 256
  static let byteCount = 84

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let (d, e) = (block.half(at: 80), block.half(at: 82))
    for group in 0..<16 {
      let (half, shift, part) = (group / 8, UInt8(group % 8 / 2 * 2), group % 2)
      let scale = d * Float(block[group] & 15)
      let least = e * Float(block[group] >> 4)
      let q = (block.sixteen(at: 16 + 32 * half + 16 * part) &>> SIMD16(repeating: shift)) & 3
      weights.store(scale * q.floats() - least, at: 16 * group)
    }
  }
}
