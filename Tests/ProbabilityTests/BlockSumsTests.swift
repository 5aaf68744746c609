import Probability
import Testing

@Suite struct BlockSumsTests {
  /// Weights of very different sizes, some of them 0.
  static func weights(_ count: Int, using generator: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in
      generator.next() % 5 == 0
        ? 0
        : Float(
          sign: .plus, exponent: -Int(generator.next() % 40), significand: 1 + Float(generator.next() >> 41) * 0x1p-23)
    }
  }

  /// Sums that were kept up to date are those that are computed afresh, bit for bit.
  @Test(arguments: [1, 4, 255, 256, 257, 258, 511, 512, 513, 3000])
  func updatesAreSumsAfresh(count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    var weights = Self.weights(count, using: &generator)
    var sums = BlockSums<Float>()
    sums.sum(count, of: weights)
    for _ in 0..<50 {
      #expect(sums.mass(count, of: weights) == Laws.mass(of: weights.span))
      let index = Int(generator.next() % UInt64(count))
      weights[index] = generator.next() % 3 == 0 ? 0 : 1 / Float(1 + generator.next() % 1000)
      sums.update(at: index, in: count, of: weights)
    }
  }

  /// A prefix that grows and shrinks, as the waiting children of a race do.
  @Test func prefixesAreSumsAfresh() {
    var generator = SplitMix64(seed: 7)
    var weights = Self.weights(4000, using: &generator)
    var sums = BlockSums<Float>()
    var count = 0
    for next in [100, 256, 300, 301, 300, 1024, 1025, 1024, 2000, 1500, 1501, 3999, 4000] {
      for index in min(count, next)..<next { weights[index] = Float(generator.next() % 100) }
      sums.sum(next, of: weights, from: min(count, next))
      count = next
      #expect(sums.mass(next, of: weights) == Laws.mass(of: weights.span.extracting(0..<next)))
    }
  }

  /// An index found by the sums, by sums on the way, and by adding one weight after the other.
  @Test(arguments: [1, 256, 257, 5000])
  func sumsDoNotChangeTheIndex(count: Int) {
    var generator = SplitMix64(seed: UInt64(count) + 1)
    for _ in 0..<20 {
      let weights = Self.weights(count, using: &generator)
      let total = Laws.mass(of: weights.span)
      guard total > 0 else { continue }
      var sums = BlockSums<Float>()
      sums.sum(count, of: weights)
      for _ in 0..<100 {
        let uniform = UniformBits.unit53(generator.next())
        let index = Float.index(of: uniform, in: weights.span, total: total)
        #expect(Float.index(of: uniform, in: weights.span, sums: sums, total: total) == index)
        #expect(weights[index] > 0)
        // Both sums are rounded in double precision: the plain one passes the threshold here, or next to here.
        let threshold = uniform * Double(total)
        let before = weights[..<index].reduce(0.0) { $0 + Double($1) }
        #expect(before <= threshold * (1 + 1e-12) && before + Double(weights[index]) >= threshold * (1 - 1e-6))
      }
      #expect(weights[Float.index(of: 1 - 0x1p-53, in: weights.span, sums: sums, total: total * 2)] > 0)
    }
  }

  /// A rare token at the end of a block keeps its probability, however large the block's mass is.
  @Test func rareTokensAreNotLost() {
    var weights = [Float](repeating: 0, count: 1000)
    weights[0] = 0.5
    weights[255] = 1e-12
    weights[999] = 0.5
    var sums = BlockSums<Float>()
    sums.sum(1000, of: weights)
    #expect(Float.index(of: 0.5, in: weights.span, sums: sums, total: 1) == 255)
    #expect(Float.index(of: 0.5 + 0.9e-12, in: weights.span, sums: sums, total: 1) == 255)
    #expect(Float.index(of: 0.5 + 1.1e-12, in: weights.span, sums: sums, total: 1) == 999)
  }
}
