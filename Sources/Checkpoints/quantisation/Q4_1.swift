/// Q4_1: 32 weights in 20 bytes.
///
///     bytes 0–1    d, an F16
///     bytes 2–3    m, an F16
///     bytes 4–19   q: byte 4 + i holds weight i in its lower half, weight i + 16 in its upper
///
///     weight = d · q + m
enum Q4_1: QuantisedBlock {
  static let length = 32
  static let byteCount = 20

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let (d, m) = (block.half(at: 0), block.half(at: 2))
    let q = block.sixteen(at: 4)
    weights.store(d * (q & 15).floats() + m, at: 0)
    weights.store(d * (q &>> 4).floats() + m, at: 16)
  }
}
