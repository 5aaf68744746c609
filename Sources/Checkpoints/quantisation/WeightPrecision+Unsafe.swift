extension WeightPrecision {
  /// Rounds weights in place; of a precision in blocks, `count` is a multiple of their length.
  package func round(_ weights: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .stored, .float32: return
    case .bfloat16:
      for index in 0..<count { weights[index] = Self.bfloat16(weights[index]) }
    case .q8_0: Q8_0.round(weights, blocks: count / Q8_0.length)
    case .q4_0: Q4_0.round(weights, blocks: count / Q4_0.length)
    }
  }

  /// The BF16 number nearest to a Float, of two the even one; a NaN stays one.
  @inline(__always)
  package static func bfloat16(_ value: Float) -> Float {
    let bits = value.bitPattern
    let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
    let rounded = isNaN ? bits | 0x0040_0000 : bits &+ 0x7FFF &+ (bits >> 16 & 1)
    return Float(bitPattern: rounded & 0xFFFF_0000)
  }
}
