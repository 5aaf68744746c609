#if arch(x86_64)
  import _Builtin_intrinsics.intel
#endif

/// Four unsigned codes of 8 bits an output, as the level's instruction multiplies them.
///
/// The sums are those of integers, so that they are the same whatever the instruction.
struct DotWeights {
  #if KERNELS_AVX512VNNI
    private let bytes: PanelWords
  #else
    /// Codes 0 and 2 of the four, in 16 bits each.
    private let even: PanelWords
    /// Codes 1 and 3.
    private let odd: PanelWords
  #endif

  /// The codes that are the words' bytes.
  @inline(__always)
  init(_ words: PanelWords) {
    #if KERNELS_AVX512VNNI
      bytes = words
    #else
      even = words.map { $0 & 0x00FF_00FF }
      odd = words.map { ($0 &>> 8) & 0x00FF_00FF }
    #endif
  }

  /// Adds the products with four inputs' codes; as ``DotInputs/store(_:at:)`` wrote these.
  @inline(__always)
  func add(times inputs: UnsafePointer<UInt32>, to dots: inout PanelDots) {
    #if KERNELS_AVX512VNNI
      let factor = SIMD16<UInt32>(repeating: inputs[0])
      Dot.add(bytes.first, factor, to: &dots.first)
      Dot.add(bytes.second, factor, to: &dots.second)
      Dot.add(bytes.third, factor, to: &dots.third)
    #else
      let factors = (SIMD16<UInt32>(repeating: inputs[0]), SIMD16<UInt32>(repeating: inputs[1]))
      Dot.add(even.first, factors.0, to: &dots.first)
      Dot.add(even.second, factors.0, to: &dots.second)
      Dot.add(even.third, factors.0, to: &dots.third)
      Dot.add(odd.first, factors.1, to: &dots.first)
      Dot.add(odd.second, factors.1, to: &dots.second)
      Dot.add(odd.third, factors.1, to: &dots.third)
    #endif
  }
}

/// Where the codes of inputs are kept for ``DotWeights``.
enum DotInputs {
  /// Words that hold four codes.
  static var words: Int {
    #if KERNELS_AVX512VNNI
      1
    #else
      2
    #endif
  }

  /// Writes sixteen codes, in -127...127.
  @inline(__always)
  static func store(_ codes: SIMD16<Int32>, at words: UnsafeMutablePointer<UInt32>) {
    #if KERNELS_AVX512VNNI
      let bytes = _mm512_cvtepi32_epi8(unsafeBitCast(codes, to: __m512i.self))
      UnsafeMutableRawPointer(words).storeBytes(of: bytes, as: __m128i.self)
    #else
      let (even, odd) = (codes.evenHalf, codes.oddHalf)
      let first = (even.evenHalf & 0xFFFF) | (even.oddHalf &<< 16)
      let second = (odd.evenHalf & 0xFFFF) | (odd.oddHalf &<< 16)
      for group in 0..<4 {
        words[2 * group] = UInt32(truncatingIfNeeded: first[group])
        words[2 * group + 1] = UInt32(truncatingIfNeeded: second[group])
      }
    #endif
  }
}

/// 48 sums of integers, one an output of a panel.
struct PanelDots {
  var first: SIMD16<Int32>
  var second: SIMD16<Int32>
  var third: SIMD16<Int32>
}

/// The instruction.
enum Dot {
  #if KERNELS_AVX512VNNI
    /// Adds to each sum the products of four unsigned bytes with four signed ones.
    @inline(__always)
    static func add(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>, to sum: inout SIMD16<Int32>) {
      let result = _mm512_dpbusd_epi32(
        unsafeBitCast(sum, to: __m512i.self), unsafeBitCast(a, to: __m512i.self), unsafeBitCast(b, to: __m512i.self))
      sum = unsafeBitCast(result, to: SIMD16<Int32>.self)
    }
  #elseif KERNELS_AVX512
    /// Adds to each sum the products of two numbers of 16 bits.
    @inline(__always)
    static func add(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>, to sum: inout SIMD16<Int32>) {
      let products = _mm512_madd_epi16(unsafeBitCast(a, to: __m512i.self), unsafeBitCast(b, to: __m512i.self))
      sum &+= unsafeBitCast(products, to: SIMD16<Int32>.self)
    }
  #elseif KERNELS_AVX2
    /// Adds to each sum the products of two numbers of 16 bits.
    @inline(__always)
    static func add(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>, to sum: inout SIMD16<Int32>) {
      typealias Parts = (__m256i, __m256i)
      let (a, b) = (unsafeBitCast(a, to: Parts.self), unsafeBitCast(b, to: Parts.self))
      let products: Parts = (_mm256_madd_epi16(a.0, b.0), _mm256_madd_epi16(a.1, b.1))
      sum &+= unsafeBitCast(products, to: SIMD16<Int32>.self)
    }
  #elseif arch(x86_64)
    /// Adds to each sum the products of two numbers of 16 bits.
    @inline(__always)
    static func add(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>, to sum: inout SIMD16<Int32>) {
      typealias Parts = (__m128i, __m128i, __m128i, __m128i)
      let (a, b) = (unsafeBitCast(a, to: Parts.self), unsafeBitCast(b, to: Parts.self))
      let products: Parts = (
        _mm_madd_epi16(a.0, b.0), _mm_madd_epi16(a.1, b.1), _mm_madd_epi16(a.2, b.2), _mm_madd_epi16(a.3, b.3)
      )
      sum &+= unsafeBitCast(products, to: SIMD16<Int32>.self)
    }
  #else
    /// Adds to each sum the products of two numbers of 16 bits, of which the first are no more than 255.
    @inline(__always)
    static func add(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>, to sum: inout SIMD16<Int32>) {
      let (a, b) = (unsafeBitCast(a, to: SIMD16<Int32>.self), unsafeBitCast(b, to: SIMD16<Int32>.self))
      sum &+= (a & 0xFF) &* ((b &<< 16) &>> 16) &+ (a &>> 16) &* (b &>> 16)
    }
  #endif
}
