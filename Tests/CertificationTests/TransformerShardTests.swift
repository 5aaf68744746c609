@testable import CertificationTransformers
import Testing

@testable import Certification

/// The shards of a case are its decodings, each once and in order, whatever the model's size.
@Suite struct TransformerShardTests {
  @Test(arguments: [0, 1, 7, 255, 256, 257, 1000], [0, 1, 5, 256, 999, 2000])
  func shardsCoverAllDecodings(samples: Int, evaluated: Int) {
    for parameters in [1, 1_600_000, 30_000_000, 135_000_000, 7_000_000_000] {
      let shards = TransformerRunner.Shards(samples: samples, evaluated: evaluated, parameters: parameters)
      let all = (0..<shards.count).map { shards[$0] }
      #expect(all.flatMap(Array.init) == Array(0..<samples))
      let border = min(evaluated, samples)
      #expect(all.allSatisfy { !$0.isEmpty && ($0.upperBound <= border || $0.lowerBound >= border) })
      // Of a large model a decoding is heard of as soon as it is done.
      if parameters > 100_000_000 {
        #expect(all.allSatisfy { $0.lowerBound >= evaluated || $0.count <= 8 })
      }
    }
    let many = TransformerRunner.Shards(samples: 1_000_000_000_000, evaluated: 455, parameters: 135_000_000)
    #expect(many[many.count - 1].upperBound == 1_000_000_000_000)
  }
}
