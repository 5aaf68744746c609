import Certification
import SpeculativeDecoding
@main struct Placeholder { static func main() async throws {
  for m in [DecodingMethod.speculative(depth: 2)] {
    let f = try await ToyBenchmark.measure(m, vocabulary: 16, scalar: .double, threads: 1, seconds: 4)
    print(f.rule, f.shape, f.roundsPerSecond/1e6, f.tokensPerSecond/f.roundsPerSecond)
  }
}}
