/// Q3_K: 256 weights in 110 bytes, in groups of 16.
///
///     bytes 0–31     the third bits: bit k of byte i is that of weight 32 · k + i
///     bytes 32–95    the other two bits: for each 128 weights 32 bytes; byte i holds weights i, 32 + i, 64 + i and
///                    96 + i, the first in its lowest two bits
///     bytes 96–107   the groups' scales s, of 6 bits: bytes 96–103 hold the lower four of groups 0–7 in their lower
///                    halves, of 8–15 in their upper; byte 104 + i holds the upper two of groups i, i + 4, i + 8 and
///                    i + 12, the first in its lowest two bits
///     bytes 108–109  d, an F16
///
///     weight = (d · (s - 32)) · (q - 4)
enum Q3_K: QuantisedBlock {
  static let length = 256
  static let byteCount = 110

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let d = block.half(at: 108)
    for group in 0..<16 {
      let (half, row, part) = (group / 8, group / 2, group % 2)
      let lower = block[96 + group % 8] >> (group < 8 ? 0 : 4) & 15
      let upper = block[104 + group % 4] >> UInt8(2 * (group / 4)) & 3
      let scale = d * (Float(lower | upper << 4) - 32)
      let q = (block.sixteen(at: 32 + 32 * half + 16 * part) &>> SIMD16(repeating: UInt8(row % 4 * 2))) & 3
      let third = (block.sixteen(at: 16 * part) &>> SIMD16(repeating: UInt8(row))) & 1
      weights.store(scale * (q | third &<< 2).floats(minus: 4), at: 16 * group)
    }
  }
}
