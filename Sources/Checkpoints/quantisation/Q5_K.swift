/// Q5_K: 256 weights in 176 bytes, in groups of 32.
///
///     bytes 0–1      d, an F16
///     bytes 2–3      e, an F16
///     bytes 4–15     the groups' scales s and least weights' multiples m (``GroupScales``)
///     bytes 16–47    the fifth bits: bit k of byte i is that of weight 32 · k + i
///     bytes 48–175   the other four bits: for each 64 weights 32 bytes; byte i holds weight i in its lower half,
///                    weight 32 + i in its upper
///
///     weight = (d · s) · q - (e · m)
enum Q5_K: QuantisedBlock {
  static let length = 256
  static let byteCount = 176

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let scales = GroupScales(block)
    for group in 0..<8 {
      let (scale, least) = scales[group]
      let shift = SIMD16<UInt8>(repeating: group % 2 == 0 ? 0 : 4)
      for part in 0..<2 {
        let q = (block.sixteen(at: 48 + 32 * (group / 2) + 16 * part) &>> shift) & 15
        let fifth = (block.sixteen(at: 16 + 16 * part) &>> SIMD16(repeating: UInt8(group))) & 1
        weights.store(scale * (q | fifth &<< 4).floats() - least, at: 32 * group + 16 * part)
      }
    }
  }
}
