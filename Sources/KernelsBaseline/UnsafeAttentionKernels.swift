import KernelOperands

/// Attention in the order of positions.
///
/// A node of a tree sees the prefix and then its ancestors from the root down: the order that it would see them in as
/// a plain sequence, so that its sums have the same bits.
package enum UnsafeAttentionKernels {
  private typealias Vector = SIMD16<Float>

  /// A range of `heads · rows` outputs, unit = head · rows + row, each product rounded before it is added.
  package static func attendSeparately(_ call: AttentionCall, _ units: Range<Int>) {
    attend(SeparateArithmetic.self, call, units)
  }

  /// The same with fused multiply-adds where this level of processor has them.
  package static func attendFused(_ call: AttentionCall, _ units: Range<Int>) {
    attend(FusedArithmetic.self, call, units)
  }

  @inline(__always)
  private static func attend<Sum: Arithmetic>(_: Sum.Type, _ call: AttentionCall, _ units: Range<Int>) {
    withUnsafeTemporaryAllocation(byteCount: call.longest * 12, alignment: 64) { scratch in
      let weights = scratch.baseAddress.unsafelyUnwrapped.bindMemory(to: Float.self, capacity: call.longest)
      let places = (scratch.baseAddress.unsafelyUnwrapped + call.longest * 4).assumingMemoryBound(to: Int32.self)
      for unit in units {
        let (head, row) = unit.quotientAndRemainder(dividingBy: call.rows)
        attend(Sum.self, call, head: head, row: row, weights: weights, places: places)
      }
    }
  }

  /// One head of one row; `weights` has room for a number a position, `places` for a cache row.
  @inline(__always)
  private static func attend<Sum: Arithmetic>(
    _: Sum.Type, _ call: AttentionCall, head: Int, row: Int, weights: UnsafeMutablePointer<Float>,
    places: UnsafeMutablePointer<Int32>
  ) {
    let size = call.headSize
    let stride = call.keyValueHeadCount * size
    // Query heads share key-value heads in groups of neighbours.
    let offset = head / (call.headCount / call.keyValueHeadCount) * size
    let keys = call.keys + offset
    let values = call.values + offset
    let query = call.queries + row * call.queryStride + head * size
    let prefix = Int(call.prefixes[row])
    let ancestors = call.ancestors + Int(call.ancestorStarts[row])
    let count = prefix + Int(call.ancestorStarts[row + 1] - call.ancestorStarts[row])
    for position in 0..<prefix { places[position] = Int32(truncatingIfNeeded: position) }
    for position in prefix..<count { places[position] = ancestors[position - prefix] }

    let scale = 1 / Float(size).squareRoot()
    for position in 0..<count {
      weights[position] = dot(Sum.self, query, keys + Int(places[position]) * stride, count: size) * scale
    }
    let largest = UnsafeVectorKernels.maximum(weights, count: count)
    let total = UnsafeVectorKernels.exponentials(weights, minus: largest, into: weights, count: count)
    let factor = Float(1 / total)
    let output = call.output + (row * call.headCount + head) * size
    var start = 0
    while start + 64 <= size {
      var sums = (Vector(repeating: 0), Vector(repeating: 0), Vector(repeating: 0), Vector(repeating: 0))
      for position in 0..<count {
        let value = values + Int(places[position]) * stride + start
        let weight = Vector(repeating: weights[position])
        Sum.add(UnsafeVectorKernels.load(value), times: weight, to: &sums.0)
        Sum.add(UnsafeVectorKernels.load(value + 16), times: weight, to: &sums.1)
        Sum.add(UnsafeVectorKernels.load(value + 32), times: weight, to: &sums.2)
        Sum.add(UnsafeVectorKernels.load(value + 48), times: weight, to: &sums.3)
      }
      UnsafeVectorKernels.store(sums.0 * factor, at: output + start)
      UnsafeVectorKernels.store(sums.1 * factor, at: output + start + 16)
      UnsafeVectorKernels.store(sums.2 * factor, at: output + start + 32)
      UnsafeVectorKernels.store(sums.3 * factor, at: output + start + 48)
      start += 64
    }
    while start + 16 <= size {
      var sum = Vector(repeating: 0)
      for position in 0..<count {
        let value = values + Int(places[position]) * stride + start
        Sum.add(UnsafeVectorKernels.load(value), times: Vector(repeating: weights[position]), to: &sum)
      }
      UnsafeVectorKernels.store(sum * factor, at: output + start)
      start += 16
    }
    for index in start..<size {
      var sum: Float = 0
      for position in 0..<count { sum += values[Int(places[position]) * stride + index] * weights[position] }
      output[index] = sum * factor
    }
  }

  /// Σ a[i] · b[i] in sixteen partial sums.
  @inline(__always)
  private static func dot<Sum: Arithmetic>(
    _: Sum.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Float {
    var sums = Vector(repeating: 0)
    var index = 0
    while index + 16 <= count {
      Sum.add(UnsafeVectorKernels.load(a + index), times: UnsafeVectorKernels.load(b + index), to: &sums)
      index += 16
    }
    while index < count {
      sums[index % 16] += a[index] * b[index]
      index += 1
    }
    return UnsafeVectorKernels.total(sums)
  }
}
