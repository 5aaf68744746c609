import KernelOperands
import ModelSupport
import RealModule
import Testing

@testable import Checkpoints
@testable import Transformer

@Suite struct RotaryEmbeddingTests {
  @Test func scalingKeepsHighFrequenciesAndStretchesLowOnes() {
    let plain = RotaryEmbedding(headSize: 128, base: 500_000, scaling: .none).frequencies
    let linear = RotaryEmbedding(headSize: 128, base: 500_000, scaling: .linear(factor: 4)).frequencies
    let scaled = RotaryEmbedding(
      headSize: 128, base: 500_000,
      scaling: .llama3(factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 8192)
    ).frequencies
    #expect(plain.count == 64 && plain[0] == 1)
    var between = 0
    for (index, frequency) in plain.enumerated() {
      #expect(linear[index] == Float(Double(frequency) / 4))
      let wavelength = 2 * Double.pi / Double(frequency)
      if wavelength < 8192 / 4 {
        #expect(scaled[index] == frequency)
      } else if wavelength > 8192 {
        #expect(scaled[index] == frequency / 8)
      } else {
        between += 1
        #expect(scaled[index] < frequency && scaled[index] > frequency / 8)
      }
    }
    #expect(between == 6)
  }

  @Test func aTurnDependsOnTheDistanceAlone() {
    // The inner product of a turned query and key is the same wherever the two stand.
    let rotary = RotaryEmbedding(headSize: 16, base: 10_000, scaling: .none)
    var random = RandomCheckpoints(seed: 31)
    let (query, key) = (random.numbers(16), random.numbers(16))
    func turned(_ vector: [Float], at position: Int) -> [Float] {
      var (rows, cosines, sines) = (Rows(width: 16), Rows(width: 8), Rows(width: 8))
      rows.values = vector
      cosines.reserve(1)
      sines.reserve(1)
      rotary.prepare(position, row: 0, cosines: &cosines, sines: &sines)
      Kernels.kernels(.deterministic).turn(&rows, row: 0, start: 0, heads: 1, cosines: cosines, sines: sines)
      return rows.values
    }
    #expect(turned(query, at: 0) == query)
    let near = NaiveTwins.dot(turned(query, at: 12), turned(key, at: 5))
    let far = NaiveTwins.dot(turned(query, at: 1012), turned(key, at: 1005))
    #expect(abs(near - far) < 1e-3)
    #expect(abs(near - NaiveTwins.dot(turned(query, at: 12), turned(key, at: 6))) > 1e-3)
  }
}
