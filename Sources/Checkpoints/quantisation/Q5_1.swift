/// Q5_1: 32 weights in 24 bytes.
///
///     bytes 0–1    d, an F16
///     bytes 2–3    m, an F16
///     bytes 4–7    the fifth bits: that of weight i is bit i of the four bytes, little-endian
///     bytes 8–23   the other four bits: byte 8 + i holds weight i in its lower half, weight i + 16 in its upper
///
///     weight = d · q + m
enum Q5_1: QuantisedBlock {
  static let length = 32
  static let byteCount = 24

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let (d, m) = (block.half(at: 0), block.half(at: 2))
    let q = block.sixteen(at: 8)
    weights.store(d * (q & 15 | Q5_0.fifthBits(block[4], block[5])).floats() + m, at: 0)
    weights.store(d * (q &>> 4 | Q5_0.fifthBits(block[6], block[7])).floats() + m, at: 16)
  }
}
