/// xoshiro256++: a second, unrelated family, to tell faults of the generator from faults of a sampler.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021.
public struct Xoshiro256PlusPlus: RandomNumberGenerator, Sendable {
  /// The state; not all zero.
  public private(set) var state: SIMD4<UInt64>

  /// A generator in a given state.
  public init(state: SIMD4<UInt64>) {
    precondition(state != SIMD4(), "the all-zero state is a fixed point of xoshiro256++")
    self.state = state
  }

  /// A generator whose state is filled by ``SplitMix64``, as its authors advise.
  public init(seed: UInt64) {
    var filler = SplitMix64(seed: seed)
    state = SIMD4(filler.next(), filler.next(), filler.next(), filler.next())
  }

  /// The next word.
  public mutating func next() -> UInt64 {
    func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }
    let result = rotated(state.x &+ state.w, by: 23) &+ state.x
    let shifted = state.y << 17
    state.z ^= state.x
    state.w ^= state.y
    state.y ^= state.z
    state.x ^= state.w
    state.z ^= shifted
    state.w = rotated(state.w, by: 45)
    return result
  }
}
