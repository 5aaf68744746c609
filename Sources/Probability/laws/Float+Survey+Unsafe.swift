/// The scans of truncation over a law in `Float`, eight or sixteen weights at a time.
///
/// The naive twins are the defaults of ``ProbabilityScalar``; the tests hold these against them.
extension Float {
  private typealias Vector = SIMD8<Float>

  /// The sum, rounded in single precision within 256 weights and in double precision beyond; the signs, of a zero too;
  /// the maxima.
  public static func survey(_ weights: Span<Float>, maxima: inout [Float]) -> (sum: Float, isPositive: Bool) {
    // Within a block the four partial sums of all laws of that size.
    if weights.count <= Laws.blockSize { return (Laws.mass(of: weights), note(weights, &maxima).isPositive) }
    return note(weights, &maxima)
  }

  /// Sixteen at a time: an addition waits for the one before, and there are four such chains then.
  private static func note(_ weights: Span<Float>, _ maxima: inout [Float]) -> (sum: Float, isPositive: Bool) {
    typealias Vector = SIMD16<Float>
    let blocks = (weights.count + Laws.maximumBlock - 1) / Laws.maximumBlock
    var (total, signs) = (0.0, SIMD16<UInt32>(repeating: 0))
    maxima = Array(unsafeUninitializedCapacity: blocks) { maxima, count in
      count = blocks
      guard let tops = maxima.baseAddress else { return }
      weights.withUnsafeBufferPointer { weights in
        guard let start = weights.baseAddress else { return }
        var sum = Vector(repeating: 0)
        for block in 0..<blocks {
          let end = min((block + 1) * Laws.maximumBlock, weights.count)
          var index = block * Laws.maximumBlock
          var largest = Vector(repeating: 0)
          while index + 16 <= end {
            let next = UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self)
            largest.replace(with: next, where: next .> largest)
            signs |= unsafeBitCast(next, to: SIMD16<UInt32>.self)
            sum += next
            index += 16
          }
          var top = Self.largest(of: largest)
          while index < end {
            top = max(top, start[index])
            signs[0] |= start[index].bitPattern
            sum[0] += start[index]
            index += 1
          }
          tops[block] = top
          guard end % Laws.blockSize == 0 || block == blocks - 1 else { continue }
          for lane in 0..<16 { total += Double(sum[lane]) }
          sum = Vector(repeating: 0)
        }
      }
    }
    let sign = Float(-0.0).bitPattern
    return (Float(total), !any((signs & sign) .== sign))
  }

  private static func largest(of vector: SIMD16<Float>) -> Float {
    var half = vector.lowHalf
    half.replace(with: vector.highHalf, where: vector.highHalf .> half)
    var quarter = half.lowHalf
    quarter.replace(with: half.highHalf, where: half.highHalf .> quarter)
    return max(max(quarter[0], quarter[1]), max(quarter[2], quarter[3]))
  }

  /// The sum of those that are large enough, rounded in single precision within a block.
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
        let half = sum.lowHalf + sum.highHalf
        let quarter = half.lowHalf + half.highHalf
        total += Double(quarter[0] + quarter[1])
      }
    }
    return Float(total)
  }

  /// The indices of those that are large enough, ascending.
  public static func collect(from weights: Span<Float>, atLeast threshold: Float, maxima: [Float]) -> [Int32] {
    precondition(maxima.count * Laws.maximumBlock >= weights.count, "the maxima of these weights")
    let limit = Vector(repeating: threshold)
    let (zero, one) = (SIMD8<Int32>(repeating: 0), SIMD8<Int32>(repeating: 1))
    let blocks = maxima.reduce(0) { $0 + ($1 >= threshold ? 1 : 0) }
    return Array(unsafeUninitializedCapacity: blocks * Laws.maximumBlock) { indices, count in
      guard let found = indices.baseAddress else { return }
      // A variable of its own: the buffer's count is memory, which each token would wait for.
      var kept = 0
      defer { count = kept }
      weights.withUnsafeBufferPointer { weights in
        guard let start = weights.baseAddress else { return }
        for (block, largest) in maxima.enumerated() where largest >= threshold {
          let end = min((block + 1) * Laws.maximumBlock, weights.count)
          var index = block * Laws.maximumBlock
          while index + 8 <= end {
            let isLarge = UnsafeRawPointer(start + index).loadUnaligned(as: Vector.self) .>= limit
            if any(isLarge) {
              // Written whatever it is, and kept if it is large enough: nothing to guess for a branch.
              let steps = zero.replacing(with: one, where: isLarge)
              for lane in 0..<8 {
                found[kept] = Int32(truncatingIfNeeded: index &+ lane)
                kept &+= Int(steps[lane])
              }
            }
            index += 8
          }
          while index < end {
            if start[index] >= threshold {
              found[kept] = Int32(truncatingIfNeeded: index)
              kept &+= 1
            }
            index += 1
          }
        }
      }
    }
  }
}
