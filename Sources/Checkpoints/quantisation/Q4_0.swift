/// Q4_0: 32 weights in 18 bytes.
///
///     bytes 0–1    d, an F16
///     bytes 2–17   q: byte 2 + i holds weight i in its lower half, weight i + 16 in its upper
///
///     weight = d · (q - 8)
enum Q4_0: QuantisingBlock {
  static let length = 32
  static let byteCount = 18

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let d = block.half(at: 0)
    let q = block.sixteen(at: 2)
    weights.store(d * (q & 15).floats(minus: 8), at: 0)
    weights.store(d * (q &>> 4).floats(minus: 8), at: 16)
  }

  /// The weight of the largest magnitude becomes -8 · d, the first such weight where there are several.
  static func quantise(_ weights: BlockWeights, into block: MutableBlockBytes) {
    var largest = weights[0]
    for index in 0..<length where abs(weights[index]) > abs(largest) || weights[index].isNaN {
      largest = weights[index]
      if largest.isNaN { break }
    }
    let d = largest / -8
    block.setHalf(d, at: 0)
    let inverse = 1 / d
    func quantised(_ index: Int) -> UInt8 {
      // A scale that is 0 as F16, or none, leaves nothing of the weights.
      let q = weights[index] * inverse + 8.5
      return inverse.isFinite && q.isFinite ? UInt8(min(15, max(0, q.rounded(.towardZero)))) : 8
    }
    for index in 0..<length / 2 {
      block[2 + index] = quantised(index) | quantised(index + length / 2) << 4
    }
  }
}
