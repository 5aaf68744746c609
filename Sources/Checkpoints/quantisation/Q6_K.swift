/// Q6_K: 256 weights in 210 bytes, in groups of 16.
///
///     bytes 0–127     the lower four bits: for each 128 weights 64 bytes; byte i holds weight i in its lower half,
///                     weight 64 + i in its upper
///     bytes 128–191   the upper two bits: for each 128 weights 32 bytes; byte i holds those of weights i, 32 + i,
///                     64 + i and 96 + i, the first in its lowest two bits
///     bytes 192–207   s, signed, a byte a group
///     bytes 208–209   d, an F16
///
///     weight = (d · s) · (q - 32)
enum Q6_K: QuantisedBlock {
  static let length = 256
  static let byteCount = 210

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let d = block.half(at: 208)
    for group in 0..<16 {
      let (half, place) = (group / 8, group % 8)
      let scale = d * Float(Int8(bitPattern: block[192 + group]))
      let lowerShift = SIMD16<UInt8>(repeating: place < 4 ? 0 : 4)
      let upperShift = SIMD16<UInt8>(repeating: UInt8(place / 2 * 2))
      let lower = (block.sixteen(at: 64 * half + 16 * (place % 4)) &>> lowerShift) & 15
      let upper = (block.sixteen(at: 128 + 32 * half + 16 * (place % 2)) &>> upperShift) & 3
      weights.store(scale * (lower | upper &<< 4).floats(minus: 32), at: 16 * group)
    }
  }
}
