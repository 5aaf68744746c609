/// Philox4x64-10: a counter-based generator, a pure function from (key, counter) to four words.
///
/// Stream `s` of replicate `r` of a case is the key (seed, case) at counters (0, 0, r, s), (1, 0, r, s), …:
/// any thread can produce any replicate, so results never depend on how the work is split.
/// - Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123).
public struct Philox4x64: RandomNumberGenerator, Sendable {
  /// The two words that name the stream family: suite seed and case.
  public let key: SIMD2<UInt64>
  @usableFromInline var counter: SIMD4<UInt64>
  @usableFromInline var block: [4 of UInt64] = [0, 0, 0, 0]
  @usableFromInline var used = 4

  /// A stream of one replicate under a key; 0 is the stream of a decoder's choices.
  @inlinable
  public init(key: SIMD2<UInt64>, replicate: UInt64 = 0, stream: UInt64 = 0) {
    self.key = key
    counter = SIMD4(0, 0, replicate, stream)
  }

  /// The replicate whose stream this is.
  public var replicate: UInt64 { counter.z }

  /// The start of another stream of the same replicate.
  @inlinable
  public func stream(_ stream: UInt64) -> Philox4x64 {
    Philox4x64(key: key, replicate: counter.z, stream: stream)
  }

  /// The next word of the stream.
  @inlinable @inline(always)
  public mutating func next() -> UInt64 {
    if used == 4 {
      let words = Self.block(counter: counter, key: key)
      block = [words.x, words.y, words.z, words.w]
      counter.x &+= 1
      used = 0
    }
    let word = block[used]
    used += 1
    return word
  }

  /// Ten rounds of the Philox bijection.
  @inlinable
  public static func block(counter: SIMD4<UInt64>, key: SIMD2<UInt64>) -> SIMD4<UInt64> {
    var (a, b, c, d) = (counter.x, counter.y, counter.z, counter.w)
    var (left, right) = (key.x, key.y)
    for _ in 0..<10 {
      let first = a.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
      let second = c.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
      (a, b, c, d) = (second.high ^ b ^ left, second.low, first.high ^ d ^ right, first.low)
      left &+= 0x9E37_79B9_7F4A_7C15
      right &+= 0xBB67_AE85_84CA_A73B
    }
    return SIMD4(a, b, c, d)
  }
}
