/// How a product is added to a sum.
protocol Arithmetic {
  /// `sum += a · b`.
  static func add(_ a: SIMD16<Float>, times b: SIMD16<Float>, to sum: inout SIMD16<Float>)
}

/// The product is rounded, then the sum: the same bits on every processor.
enum SeparateArithmetic: Arithmetic {
  @inline(__always)
  static func add(_ a: SIMD16<Float>, times b: SIMD16<Float>, to sum: inout SIMD16<Float>) { sum += a * b }
}

/// One rounding, and one instruction where the processor has it; as ``SeparateArithmetic`` where it would be a call.
enum FusedArithmetic: Arithmetic {
  @inline(__always)
  static func add(_ a: SIMD16<Float>, times b: SIMD16<Float>, to sum: inout SIMD16<Float>) {
    #if KERNELS_AVX2 || KERNELS_AVX512 || arch(arm64)
      sum.addProduct(a, b)
    #else
      sum += a * b
    #endif
  }
}
