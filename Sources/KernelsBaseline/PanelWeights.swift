#if arch(x86_64)
  import _Builtin_intrinsics.intel
#endif

/// A panel's weights as they are held, and their way into vectors.
protocol PanelWeights {
  /// Adds the products of some inputs to a tile's sums, in the inputs' order; `stride` is how far the next row is in `x`.
  static func accumulate<Sums: Tile>(
    _ panel: UnsafeRawPointer, _ inputs: Range<Int>, x: UnsafePointer<Float>, stride: Int, prefetching: Prefetch,
    into sums: inout Sums)
  /// Bytes of a panel.
  static func panelBytes(inputCount: Int) -> Int
}

/// [input][48] of Float.
enum Float32Weights: PanelWeights {
  @inline(__always)
  static func accumulate<Sums: Tile>(
    _ panel: UnsafeRawPointer, _ inputs: Range<Int>, x: UnsafePointer<Float>, stride: Int, prefetching: Prefetch,
    into sums: inout Sums
  ) {
    var prefetch = prefetching
    var weights = panel + inputs.lowerBound * 192
    for input in inputs {
      prefetch.advance()
      sums.add(PanelVector(weights), x + input, stride: stride)
      weights += 192
    }
  }

  @inline(__always)
  static func panelBytes(inputCount: Int) -> Int { inputCount * 192 }
}

/// A 16-bit format whose numbers are a part of Float.
protocol HalfFormat {
  /// The numbers in the words' lower halves.
  static func lower(_ words: SIMD16<UInt32>) -> SIMD16<Float>
  /// The numbers in the words' upper halves.
  static func upper(_ words: SIMD16<UInt32>) -> SIMD16<Float>
}

/// [input / 2][48] of words with two inputs each.
enum HalfWeights<Format: HalfFormat>: PanelWeights {
  @inline(__always)
  static func accumulate<Sums: Tile>(
    _ panel: UnsafeRawPointer, _ inputs: Range<Int>, x: UnsafePointer<Float>, stride: Int, prefetching: Prefetch,
    into sums: inout Sums
  ) {
    var prefetch = prefetching
    var weights = panel + inputs.lowerBound / 2 * 192
    for pair in inputs.lowerBound / 2..<inputs.upperBound / 2 {
      prefetch.advance()
      let words = PanelWords(weights)
      sums.add(words.map(Format.lower), x + 2 * pair, stride: stride)
      sums.add(words.map(Format.upper), x + 2 * pair + 1, stride: stride)
      weights += 192
    }
    if inputs.upperBound & 1 == 1 {
      sums.add(PanelWords(weights).map(Format.lower), x + inputs.upperBound - 1, stride: stride)
    }
  }

  @inline(__always)
  static func panelBytes(inputCount: Int) -> Int { (inputCount + 1) / 2 * 192 }
}

/// A BF16 is a Float's upper half.
enum BFloat16Format: HalfFormat {
  @inline(__always)
  static func lower(_ words: SIMD16<UInt32>) -> SIMD16<Float> { unsafeBitCast(words &<< 16, to: SIMD16<Float>.self) }
  @inline(__always)
  static func upper(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
    unsafeBitCast(words & 0xFFFF_0000, to: SIMD16<Float>.self)
  }
}

/// An F16 has a shorter exponent than a Float.
enum Float16Format: HalfFormat {
  #if KERNELS_AVX512
    @inline(__always)
    static func lower(_ words: SIMD16<UInt32>) -> SIMD16<Float> {
      _mm512_cvtph_ps(_mm512_cvtepi32_epi16(unsafeBitCast(words, to: __m512i.self)))
    }
    @inline(__always)
    static func upper(_ words: SIMD16<UInt32>) -> SIMD16<Float> { lower(words &>> 16) }
  #else
    @inline(__always)
    static func lower(_ words: SIMD16<UInt32>) -> SIMD16<Float> { widen(words & 0xFFFF) }
    @inline(__always)
    static func upper(_ words: SIMD16<UInt32>) -> SIMD16<Float> { widen(words &>> 16) }

    /// An F16 in the lower 16 bits as Float, exactly.
    ///
    /// Moved to a Float's place the exponent lacks the difference of the biases, 127 - 15: a product mends that, for
    /// subnormals too. Infinities and NaNs have the largest exponent, here as there. (Comparisons of vectors would be
    /// loops over lanes.)
    @inline(__always)
    private static func widen(_ bits: SIMD16<UInt32>) -> SIMD16<Float> {
      let magnitude = unsafeBitCast((bits & 0x7FFF) &<< 13, to: SIMD16<Int32>.self)
      let value = unsafeBitCast(unsafeBitCast(magnitude, to: SIMD16<Float>.self) * 0x1p112, to: SIMD16<Int32>.self)
      // All ones where the exponent is the largest.
      let isSpecial = ((31 << 23) - 1 &- magnitude) &>> 31
      let sign = unsafeBitCast((bits & 0x8000) &<< 16, to: SIMD16<Int32>.self)
      return unsafeBitCast(value | (isSpecial & 0x7F80_0000) | sign, to: SIMD16<Float>.self)
    }
  #endif
}
