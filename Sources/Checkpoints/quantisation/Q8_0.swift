/// Q8_0: 32 weights in 34 bytes.
///
///     bytes 0–1    d, an F16
///     bytes 2–33   q, signed, a byte a weight
///
///     weight = q · d
enum Q8_0: QuantisingBlock {
  static let length = 32
  static let byteCount = 34

  static func dequantise(_ block: BlockBytes, into weights: BlockWeights) {
    let d = block.half(at: 0)
    for half in 0..<2 {
      // With its sign bit turned, a signed byte is 128 more.
      weights.store((block.sixteen(at: 2 + 16 * half) ^ 128).floats(minus: 128) * d, at: 16 * half)
    }
  }

  /// The weight of the largest magnitude becomes 127 · d or -127 · d.
  static func quantise(_ weights: BlockWeights, into block: MutableBlockBytes) {
    var largest: Float = 0
    for index in 0..<length {
      let magnitude = abs(weights[index])
      if !(magnitude <= largest) { largest = magnitude }
      if magnitude.isNaN { break }
    }
    let d = largest / 127
    block.setHalf(d, at: 0)
    let inverse = 1 / d
    for index in 0..<length {
      // A scale that is 0 as F16, or none, leaves nothing of the weights.
      let q = weights[index] * inverse
      block[2 + index] = UInt8(bitPattern: inverse.isFinite && q.isFinite ? nearest(min(127, max(-127, q))) : 0)
    }
  }

  /// The nearest integer, of two the one away from 0: as `roundf`, without its call.
  @inline(__always)
  private static func nearest(_ value: Float) -> Int8 {
    let magnitude = abs(value)
    let whole = Int8(magnitude)
    let code = magnitude - Float(whole) >= 0.5 ? whole &+ 1 : whole
    return value < 0 ? 0 &- code : code
  }
}
