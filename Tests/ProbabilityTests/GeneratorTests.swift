import Probability
import Testing

@Suite struct GeneratorTests {
  /// Known answers of Random123.
  @Test func philox4x64KnownAnswers() {
    let zero = Philox4x64.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
    #expect(
      zero
        == SIMD4(0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b))
    var stream = Philox4x64(key: SIMD2(repeating: 0))
    #expect((0..<4).map { _ in stream.next() } == (0..<4).map { zero[$0] })
  }

  @Test func aReplicateIsAStreamOfItsOwn() {
    // Keys, replicates and streams that differ in one word have no word in common at the start.
    var streams = [
      Philox4x64(key: SIMD2(7, 9), replicate: 41), Philox4x64(key: SIMD2(7, 9), replicate: 42),
      Philox4x64(key: SIMD2(7, 9), replicate: 41).stream(1), Philox4x64(key: SIMD2(8, 9), replicate: 41),
      Philox4x64(key: SIMD2(7, 10), replicate: 41),
    ]
    let words = streams.indices.map { index in (0..<9).map { _ in streams[index].next() } }
    #expect(Set(words.joined()).count == 45)
    var again = Philox4x64(key: SIMD2(7, 9), replicate: 42).stream(1)
    var direct = Philox4x64(key: SIMD2(7, 9), replicate: 42, stream: 1)
    #expect((0..<9).map { _ in again.next() } == (0..<9).map { _ in direct.next() })
  }

  @Test func xoshiroKnownAnswers() {
    var generator = Xoshiro256PlusPlus(state: SIMD4(1, 2, 3, 4))
    #expect(
      (0..<5).map { _ in generator.next() }
        == [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205])
  }

  @Test func splitMixKnownAnswers() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in generator.next() }
        == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}

/// A generator that repeats a list of words: reaches the corners that chance does not.
struct ScriptedGenerator: RandomNumberGenerator {
  var words: [UInt64]
  var position = 0

  init(_ words: UInt64...) { self.words = words }

  mutating func next() -> UInt64 {
    defer { position += 1 }
    return words[position % words.count]
  }
}

@Suite struct UniformBitsTests {
  @Test func theLargestAndSmallestWords() {
    #expect(UniformBits.unit53(0) == 0)
    #expect(UniformBits.unit53(.max) == 1 - 0x1p-53)
    #expect(UniformBits.unit53(1 << 11) == 0x1p-53)
    #expect(UniformBits.unit24(.max) == 1 - 0x1p-24)
  }

  @Test func fullResolutionStaysInsideTheUnitInterval() {
    var ones = ScriptedGenerator(.max)
    #expect(UniformBits.fullResolution(using: &ones) == 1 - 0x1p-53)
    var zeros = ScriptedGenerator(0)
    let smallest = UniformBits.fullResolution(using: &zeros)
    #expect(smallest > 0 && smallest < 0x1p-900)
    var tiny = ScriptedGenerator(0, 1, 0)
    #expect(UniformBits.fullResolution(using: &tiny) == 0x1p-128)
  }

  @Test func exponentialsArePositiveAndFinite() {
    for word: UInt64 in [0, 1, .max, 1 << 63] {
      var generator = ScriptedGenerator(word)
      let value = UniformBits.exponential(using: &generator)
      #expect(value > 0 && value.isFinite)
    }
  }
}
