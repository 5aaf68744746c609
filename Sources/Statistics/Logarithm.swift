#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The elementary functions of the C library, by names that say what they are.
enum Logarithm {
  static func natural(_ x: Double) -> Double { log(x) }
  /// ln(1 + x), exact for x near 0.
  static func onePlus(_ x: Double) -> Double { log1p(x) }
  static func exponential(_ x: Double) -> Double { exp(x) }
}
