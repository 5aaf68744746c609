import RealModule

extension Kernels {
  /// Kernels whose every output is one sum in one order: bit-identical for any number of threads, rows and chunks.
  ///
  /// A product sums over the inputs in order; vectors run across outputs, so that none is ever summed across. There
  /// is no fused multiply-add: `a * b` is rounded, then the sum. `exp` is the C library's.
  static let deterministic = Kernels(
    multiply: UnsafeDeterministicKernels.multiply, attend: UnsafeDeterministicKernels.attend)
}

enum UnsafeDeterministicKernels {
  /// Inputs of a panel that are applied to all rows before the next are touched: 12 kB, which the first cache holds.
  private static let chunk = 64

  /// The product; its twin is ``NaiveTwins/multiply(_:bias:inputCount:by:)``.
  static func multiply(_ product: PanelProduct, _ panels: Range<Int>) {
    let width = PackedMatrix.panelWidth
    let panelBytes = product.inputCount * width * product.element.size
    // Shape [chunk][48] for widened weights, then [row][48] for sums.
    withUnsafeTemporaryAllocation(
      byteCount: (chunk + product.rows) * width * MemoryLayout<Float>.size, alignment: 64
    ) { scratch in
      let widened = scratch.baseAddress.unsafelyUnwrapped
      let sums = widened + chunk * width * MemoryLayout<Float>.size
      for panel in panels {
        let weights = product.weights + panel * panelBytes
        sums.initializeMemory(as: Float.self, repeating: 0, count: product.rows * width)
        for start in stride(from: 0, to: product.inputCount, by: chunk) {
          let count = min(chunk, product.inputCount - start)
          let source = weights + start * width * product.element.size
          let block = widen(source, product.element, count: count, scratch: widened)
          for row in 0..<product.rows {
            accumulate(
              block, count: count, x: product.x + row * product.inputCount + start,
              sums: sums + row * width * MemoryLayout<Float>.size)
          }
        }
        write(UnsafeRawPointer(sums), of: product, panel: panel)
      }
    }
  }

  /// `sums[48] += weights[k][48] · x[k]` for k in order.
  @inline(__always)
  private static func accumulate(
    _ weights: UnsafeRawPointer, count: Int, x: UnsafePointer<Float>, sums: UnsafeMutableRawPointer
  ) {
    var first = sums.loadUnaligned(as: SIMD16<Float>.self)
    var second = sums.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
    var third = sums.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self)
    var weights = weights
    for k in 0..<count {
      let factor = SIMD16<Float>(repeating: x[k])
      first += weights.loadUnaligned(as: SIMD16<Float>.self) * factor
      second += weights.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self) * factor
      third += weights.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self) * factor
      weights += 192
    }
    sums.storeBytes(of: first, as: SIMD16<Float>.self)
    sums.storeBytes(of: second, toByteOffset: 64, as: SIMD16<Float>.self)
    sums.storeBytes(of: third, toByteOffset: 128, as: SIMD16<Float>.self)
  }

  /// Moves a panel's sums to the outputs; the last panel's padding is dropped.
  private static func write(_ sums: UnsafeRawPointer, of product: PanelProduct, panel: Int) {
    let first = panel * PackedMatrix.panelWidth
    let count = min(PackedMatrix.panelWidth, product.outputCount - first)
    for row in 0..<product.rows {
      let sums = sums.assumingMemoryBound(to: Float.self) + row * PackedMatrix.panelWidth
      let y = product.y + row * product.outputCount + first
      if let bias = product.bias {
        for lane in 0..<count { y[lane] = sums[lane] + bias[first + lane] }
      } else {
        for lane in 0..<count { y[lane] = sums[lane] }
      }
    }
  }

  /// The weights of `count` inputs as Float: where they are, or widened into the scratch.
  @inline(__always)
  private static func widen(
    _ source: UnsafeRawPointer, _ element: Tensor.Element, count: Int, scratch: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    switch element {
    case .float32: return source
    case .bfloat16: widen(source, count: count, scratch: scratch, by: bfloats)
    case .float16: widen(source, count: count, scratch: scratch, by: halves)
    }
    return UnsafeRawPointer(scratch)
  }

  /// Eight words at a time, of 24 an input; the lower halves are outputs 0 to 23, the upper ones 24 to 47.
  @inline(__always)
  private static func widen(
    _ source: UnsafeRawPointer, count: Int, scratch: UnsafeMutableRawPointer,
    by convert: (SIMD8<UInt32>) -> (SIMD8<Float>, SIMD8<Float>)
  ) {
    var (source, target) = (source, scratch)
    for _ in 0..<count {
      for _ in 0..<PackedMatrix.panelWidth / 16 {
        let (lower, upper) = convert(source.loadUnaligned(as: SIMD8<UInt32>.self))
        target.storeBytes(of: lower, as: SIMD8<Float>.self)
        target.storeBytes(of: upper, toByteOffset: 2 * PackedMatrix.panelWidth, as: SIMD8<Float>.self)
        source += 32
        target += 32
      }
      // The upper halves have filled the rest of the 48.
      target += 2 * PackedMatrix.panelWidth
    }
  }

  /// The BF16 numbers in the lower and the upper halves: a BF16 is a Float's upper half.
  @inline(__always)
  static func bfloats(_ words: SIMD8<UInt32>) -> (SIMD8<Float>, SIMD8<Float>) {
    (
      unsafeBitCast(words &<< 16, to: SIMD8<Float>.self),
      unsafeBitCast(words & 0xFFFF_0000, to: SIMD8<Float>.self)
    )
  }

  /// The F16 numbers in the lower and the upper halves.
  @inline(__always)
  static func halves(_ words: SIMD8<UInt32>) -> (SIMD8<Float>, SIMD8<Float>) {
    (half(words & 0xFFFF), half(words &>> 16))
  }

  /// An F16 in the lower 16 bits as Float, exactly.
  ///
  /// Moved to a Float's place the exponent lacks the difference of the biases, 127 - 15: a product mends that, for
  /// subnormals too. Infinities and NaNs have the largest exponent, here as there. (Comparisons of vectors would be
  /// loops over lanes.)
  @inline(__always)
  private static func half(_ bits: SIMD8<UInt32>) -> SIMD8<Float> {
    let magnitude = unsafeBitCast((bits & 0x7FFF) &<< 13, to: SIMD8<Int32>.self)
    let value = unsafeBitCast(unsafeBitCast(magnitude, to: SIMD8<Float>.self) * 0x1p112, to: SIMD8<Int32>.self)
    // All ones where the exponent is the largest.
    let isSpecial = ((31 << 23) - 1 &- magnitude) &>> 31
    let sign = unsafeBitCast((bits & 0x8000) &<< 16, to: SIMD8<Int32>.self)
    return unsafeBitCast(value | (isSpecial & 0x7F80_0000) | sign, to: SIMD8<Float>.self)
  }
}
