import Foundation
import ModelSupport
import Testing

@testable import Checkpoints

/// Replays what the fuzzers of `Tests/Fuzzing` kept: an input for each path through the readers that they found.
@Suite struct FuzzCorpusTests {
  @Test func safetensors() throws {
    let corpus = try FuzzCorpus.inputs("safetensors")
    for input in corpus {
      let violation = ReaderProperties.violation(safetensors: input.bytes)
      #expect(violation == nil, "fuzz/safetensors/\(input.name)")
    }
    // A corpus of refusals alone would not reach the tensors.
    let accepted = corpus.filter { (try? SafetensorsTests.read($0.bytes)) != nil }
    #expect(accepted.count >= 5 && corpus.count - accepted.count >= 50)
  }

  @Test func json() throws {
    let corpus = try FuzzCorpus.inputs("json")
    for input in corpus {
      let violation = ReaderProperties.violation(json: input.bytes)
      #expect(violation == nil, "fuzz/json/\(input.name)")
    }
    let accepted = corpus.filter { (try? ModelConfiguration(json: $0.bytes, file: "f")) != nil }
    #expect(accepted.count >= 5 && corpus.count - accepted.count >= 50)
  }

  @Test func gguf() throws {
    let corpus = try FuzzCorpus.inputs("gguf")
    for input in corpus {
      let violation = ReaderProperties.violation(gguf: input.bytes)
      #expect(violation == nil, "fuzz/gguf/\(input.name)")
    }
    let accepted = corpus.compactMap { try? GGUF($0.bytes, file: "f") }
    #expect(accepted.count >= 20 && corpus.count - accepted.count >= 50)
    #expect(accepted.count { (try? Checkpoint($0)) != nil } >= 3)
  }
}
