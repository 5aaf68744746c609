import Checkpoints

extension NaiveTwins {
  /// Numbers rounded to 8 bits in blocks of 32: code = number / scale, scale = the largest magnitude / 127.
  static func rounded(_ x: [Float]) -> (codes: [Int], scales: [Float]) {
    var (codes, scales): ([Int], [Float]) = ([], [])
    for start in stride(from: 0, to: x.count, by: 32) {
      let block = x[start..<start + 32]
      let largest = block.reduce(0) { max($0, abs($1)) }
      let inverse = 127 / largest
      scales.append(largest / 127)
      codes += block.map { inverse.isFinite ? Int(($0 * inverse).rounded(.toNearestOrEven)) : 0 }
    }
    return (codes, scales)
  }

  /// A product of blocks' codes with rounded vectors: integers within a block, Float from block to block.
  ///
  /// - Parameters:
  ///   - weights: a tensor of Q8_0, Q4_0 or Q4_1.
  ///   - x: [row][input].
  ///   - isFused: whether a block is added with one rounding.
  static func multiplyCodes(_ weights: Tensor, by x: [Float], isFused: Bool) -> [Float] {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    let blocks = inputs / 32
    let bytes = weights.bytes.copy(weights.range)
    let size = weights.type.blockBytes
    var y: [Float] = []
    for row in 0..<x.count / inputs {
      let (codes, scales) = rounded(Array(x[row * inputs..<(row + 1) * inputs]))
      for output in 0..<outputs {
        var sum: Float = 0
        for block in 0..<blocks {
          let start = (output * blocks + block) * size
          let parts = blockParts(Array(bytes[start..<start + size]), weights.type)
          let inputs = codes[32 * block..<32 * block + 32]
          let dot = zip(parts.codes, inputs).reduce(0) { $0 + $1.0 * $1.1 }
          sum = add(Float(dot) * parts.scale, times: scales[block], to: sum, isFused: isFused)
          guard let minimum = parts.minimum else { continue }
          sum = add(minimum, times: scales[block] * Float(inputs.reduce(0, +)), to: sum, isFused: isFused)
        }
        y.append(sum)
      }
    }
    return y
  }

  private static func add(_ a: Float, times b: Float, to sum: Float, isFused: Bool) -> Float {
    isFused ? sum.addingProduct(a, b) : sum + a * b
  }

  /// A block's scale, minimum and signed codes.
  private static func blockParts(
    _ block: [UInt8], _ type: TensorType
  ) -> (scale: Float, minimum: Float?, codes: [Int]) {
    func half(_ index: Int) -> Float {
      Float(Float16(bitPattern: UInt16(block[index]) | UInt16(block[index + 1]) << 8))
    }
    let hasMinimum = type == .quantised(.q4_1)
    let bytes = block[(hasMinimum ? 4 : 2)...]
    if type == .quantised(.q8_0) { return (half(0), nil, bytes.map { Int(Int8(bitPattern: $0)) }) }
    let codes = bytes.map { Int($0 & 15) } + bytes.map { Int($0 >> 4) }
    return (half(0), hasMinimum ? half(2) : nil, hasMinimum ? codes : codes.map { $0 - 8 })
  }
}
