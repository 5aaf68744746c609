/// Q5_0: 32 weights in 22 bytes.
///
///     bytes 0–1    d, an F16
///     bytes 2–5    the fifth bits: that of weight i is bit i of the four bytes, little-endian
///     bytes 6–21   the other four bits: byte 6 + i holds weight i in its lower half, weight i + 16 in its upper
///
///     weight = d · (q - 16)
enum Q5_0: QuantisedBlock {
  static let length = 32
  static let byteCount = 22

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let d = block.half(at: 0)
    let q = block.sixteen(at: 6)
    weights.store(d * (q & 15 | fifthBits(block[2], block[3])).floats(minus: 16), at: 0)
    weights.store(d * (q &>> 4 | fifthBits(block[4], block[5])).floats(minus: 16), at: 16)
  }

  /// Sixteen bits, each moved to the place of 16 in a byte of its own.
  @inline(__always)
  static func fifthBits(_ low: UInt8, _ high: UInt8) -> SIMD16<UInt8> {
    let bytes = SIMD16<UInt8>(
      lowHalf: SIMD8(repeating: low), highHalf: SIMD8(repeating: high))
    let places = SIMD16<UInt8>(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7)
    return ((bytes &>> places) & 1) &<< 4
  }
}
