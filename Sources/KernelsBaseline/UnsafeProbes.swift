/// Probes of the peak speed of a processor and of its memory, by loops that do nothing else.
package enum UnsafeProbes {
  private typealias Vector = SIMD16<Float>

  // As many rows as the registers hold.
  #if KERNELS_AVX512
    private typealias Sums = Twice<Twice<Twice<Row<FusedArithmetic>>>>
  #elseif KERNELS_AVX2 || arch(arm64)
    private typealias Sums = Twice<Row<FusedArithmetic>>
  #else
    private typealias Sums = Row<FusedArithmetic>
  #endif

  /// Reads `count` numbers, a multiple of 64, once; returns their sum, so that they are read.
  package static func stream(_ x: UnsafePointer<Float>, count: Int) -> Float {
    // From two places at once: memory gives a little more than to one stream.
    let half = count / 128 * 64
    var sums = (Vector(repeating: 0), Vector(repeating: 0), Vector(repeating: 0), Vector(repeating: 0))
    var index = 0
    while index + 32 <= half {
      sums.0 += UnsafeVectorKernels.load(x + index)
      sums.1 += UnsafeVectorKernels.load(x + index + 16)
      sums.2 += UnsafeVectorKernels.load(x + half + index)
      sums.3 += UnsafeVectorKernels.load(x + half + index + 16)
      index += 32
    }
    index = 2 * half
    while index + 16 <= count {
      sums.0 += UnsafeVectorKernels.load(x + index)
      index += 16
    }
    return UnsafeVectorKernels.total((sums.0 + sums.1) + (sums.2 + sums.3))
  }

  /// Multiply-adds of a turn of ``multiplyAdds(_:)``.
  package static var multiplyAddsATurn: Int { Sums.rows * 48 }

  /// `turns` times the multiply-adds of a tile, in registers; returns a sum, so that they are done.
  package static func multiplyAdds(_ turns: Int) -> Float {
    let weights = PanelVector(
      first: Vector(repeating: 1), second: Vector(repeating: 0.5), third: Vector(repeating: 0.25))
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: Sums.rows * 48) { scratch in
      let numbers = scratch.baseAddress.unsafelyUnwrapped
      for index in 0..<Sums.rows { numbers[index] = 0x1p-20 * Float(index) }
      var tile = Sums()
      for _ in 0..<turns { tile.add(weights, numbers, stride: 1) }
      let nothing = PanelVector(
        first: Vector(repeating: 0), second: Vector(repeating: 0), third: Vector(repeating: 0))
      tile.store(numbers, stride: 48, count: 48, bias: nothing)
      return numbers[0] + numbers[Sums.rows * 48 - 1]
    }
  }
}
