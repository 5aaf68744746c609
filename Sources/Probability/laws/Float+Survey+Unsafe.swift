/// What truncation asks of a law in `Float`, eight weights at a time.
///
/// The naive twins are the defaults of ``ProbabilityScalar``; the tests hold these against them.
extension Float {
  private typealias Vector = SIMD8<Float>

  /// The sum, rounded in single precision within 256 weights and in double precision beyond; the signs; the maxima.
  public static func survey(_ weights: Span<Float>, maxima: inout [Float]) -> (sum: Float, isPositive: Bool) {
    // Within a block the four partial sums of all laws of that size.
    if weights.count <= Laws.blockSize { return (Laws.mass(of: weights), note(weights, &maxima).isPositive) }
    return note(weights, &maxima)
  }

  private static func note(_ weights: Span<Float>, _ maxima: inout [Float]) -> (sum: Float, isPositive: Bool) {
    let blocks = (weights.count + Laws.maximumBlock - 1) / Laws.maximumBlock
    maxima = Array(repeating: 0, count: blocks)
    var (total, isPositive) = (0.0, true)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      var (least, sum) = (Vector(repeating: 0), Vector(repeating: 0))
      for block in 0..<blocks {
        let end = min((block + 1) * Laws.maximumBlock, weights.count)
        var index = block * Laws.maximumBlock
        var largest = Vector(repeating: 0)
        while index + 8 <= end {
          let next = UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self)
          largest.replace(with: next, where: next .> largest)
          least.replace(with: next, where: next .< least)
          sum += next
          index += 8
        }
        var top: Float = 0
        for lane in 0..<8 where largest[lane] > top { top = largest[lane] }
        while index < end {
          top = max(top, start[index])
          if start[index] < 0 { isPositive = false }
          sum[0] += start[index]
          index += 1
        }
        maxima[block] = top
        guard end % Laws.blockSize == 0 || block == blocks - 1 else { continue }
        for lane in 0..<8 { total += Double(sum[lane]) }
        sum = Vector(repeating: 0)
      }
      for lane in 0..<8 where least[lane] < 0 { isPositive = false }
    }
    return (Float(total), isPositive)
  }

  /// The sum of those that are large enough.
  public static func mass(of weights: Span<Float>, atLeast threshold: Float, maxima: [Float]) -> Float {
    precondition(maxima.count * Laws.maximumBlock >= weights.count, "the maxima of these weights")
    let (zero, limit) = (Vector(repeating: 0), Vector(repeating: threshold))
    var total = 0.0
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      for (block, largest) in maxima.enumerated() where largest >= threshold {
        let end = min((block + 1) * Laws.maximumBlock, weights.count)
        var index = block * Laws.maximumBlock
        var sum = zero
        while index + 8 <= end {
          let next = UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self)
          sum += zero.replacing(with: next, where: next .>= limit)
          index += 8
        }
        while index < end {
          if start[index] >= threshold { sum[0] += start[index] }
          index += 1
        }
        for lane in 0..<8 { total += Double(sum[lane]) }
      }
    }
    return Float(total)
  }

  /// The indices of those that are large enough, ascending.
  public static func collect(
    from weights: Span<Float>, atLeast threshold: Float, maxima: [Float], into indices: inout [Int32]
  ) {
    precondition(maxima.count * Laws.maximumBlock >= weights.count, "the maxima of these weights")
    let limit = Vector(repeating: threshold)
    weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      for (block, largest) in maxima.enumerated() where largest >= threshold {
        let end = min((block + 1) * Laws.maximumBlock, weights.count)
        var index = block * Laws.maximumBlock
        while index + 8 <= end {
          let next = UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self)
          if any(next .>= limit) {
            for lane in index..<index + 8 where start[lane] >= threshold { indices.append(Int32(lane)) }
          }
          index += 8
        }
        while index < end {
          if start[index] >= threshold { indices.append(Int32(index)) }
          index += 1
        }
      }
    }
  }
}
