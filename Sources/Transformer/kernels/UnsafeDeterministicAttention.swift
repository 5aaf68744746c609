import RealModule

extension UnsafeDeterministicKernels {
  /// Attention in the order of positions; its twin is ``NaiveTwins/attend(query:keys:values:)``.
  ///
  /// A node of a tree sees the prefix and then its ancestors from the root down: the order that it would see them in
  /// as a plain sequence, so that its sums have the same bits.
  static func attend(_ call: AttentionCall, _ units: Range<Int>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: call.longest) { scratch in
      guard let weights = scratch.baseAddress else { return }
      for unit in units {
        let (head, row) = unit.quotientAndRemainder(dividingBy: call.rows)
        attend(call, head: head, row: row, weights: weights)
      }
    }
  }

  /// One head of one row; `weights` has room for one number a position.
  @inline(__always)
  private static func attend(_ call: AttentionCall, head: Int, row: Int, weights: UnsafeMutablePointer<Float>) {
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

    let scale = 1 / Float(size).squareRoot()
    var largest = -Float.infinity
    for position in 0..<count {
      let cacheRow = position < prefix ? position : Int(ancestors[position - prefix])
      let score = dot(query, keys + cacheRow * stride, count: size) * scale
      weights[position] = score
      if score > largest { largest = score }
    }
    var total = 0.0
    for position in 0..<count {
      let weight = Float.exp(weights[position] - largest)
      weights[position] = weight
      total += Double(weight)
    }
    let factor = Float(1 / total)
    let output = call.output + (row * call.headCount + head) * size

    var start = 0
    while start + 16 <= size {
      var sum = SIMD16<Float>(repeating: 0)
      for position in 0..<count {
        let cacheRow = position < prefix ? position : Int(ancestors[position - prefix])
        let value = UnsafeRawPointer(values + cacheRow * stride + start).loadUnaligned(as: SIMD16<Float>.self)
        sum += value * weights[position]
      }
      UnsafeMutableRawPointer(output + start).storeBytes(of: sum * factor, as: SIMD16<Float>.self)
      start += 16
    }
    for index in start..<size {
      var sum: Float = 0
      for position in 0..<count {
        let cacheRow = position < prefix ? position : Int(ancestors[position - prefix])
        sum += values[cacheRow * stride + index] * weights[position]
      }
      output[index] = sum * factor
    }
  }

  /// Σ a[i] · b[i] in eight partial sums; its twin is ``NaiveTwins/dot(_:_:)``.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    var sums = SIMD8<Float>(repeating: 0)
    var index = 0
    while index + 8 <= count {
      let left = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)
      sums += left * UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Float>.self)
      index += 8
    }
    while index < count {
      sums[index % 8] += a[index] * b[index]
      index += 1
    }
    let quarters = sums.lowHalf + sums.highHalf
    let pair = quarters.lowHalf + quarters.highHalf
    return pair[0] + pair[1]
  }
}
