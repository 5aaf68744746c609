import Foundation
import Testing

@testable import Transformer

/// Replays what the fuzzers of `Tests/Fuzzing` kept: an input for each path through the readers that they found.
@Suite struct FuzzCorpusTests {
  static func corpus(_ name: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = CheckpointFolder.fixtures.deletingLastPathComponent().appending(path: "fuzz/\(name)")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { file in
      (file, Array(try Data(contentsOf: folder.appending(path: file))))
    }
  }

  @Test func safetensors() throws {
    let corpus = try Self.corpus("safetensors")
    for input in corpus {
      let violation = ReaderProperties.violation(safetensors: input.bytes)
      #expect(violation == nil, "fuzz/safetensors/\(input.name)")
    }
    // A corpus of refusals alone would not reach the tensors.
    let accepted = corpus.filter { (try? SafetensorsTests.read($0.bytes)) != nil }
    #expect(accepted.count >= 5 && corpus.count - accepted.count >= 50)
  }

  @Test func json() throws {
    let corpus = try Self.corpus("json")
    for input in corpus {
      let violation = ReaderProperties.violation(json: input.bytes)
      #expect(violation == nil, "fuzz/json/\(input.name)")
    }
    let accepted = corpus.filter { (try? ModelConfiguration(json: $0.bytes, file: "f")) != nil }
    #expect(accepted.count >= 5 && corpus.count - accepted.count >= 50)
  }

  @Test func gguf() throws {
    let corpus = try Self.corpus("gguf")
    for input in corpus {
      let violation = ReaderProperties.violation(gguf: input.bytes)
      #expect(violation == nil, "fuzz/gguf/\(input.name)")
    }
    let accepted = corpus.compactMap { try? GGUF($0.bytes, file: "f") }
    #expect(accepted.count >= 20 && corpus.count - accepted.count >= 50)
    #expect(accepted.count { (try? Checkpoint($0)) != nil } >= 3)
  }

  @Test func tokenizer() throws {
    let corpus = try Self.corpus("tokenizer")
    for input in corpus {
      let violation = TokenizerProperties.violation(tokenizer: input.bytes)
      #expect(violation == nil, "fuzz/tokenizer/\(input.name)")
    }
    let accepted = corpus.filter { input in
      (try? PieceTokenizer(TokenizerDescription(json: input.bytes, file: "f"))) != nil
    }
    #expect(accepted.count >= 5 && corpus.count - accepted.count >= 50)
  }

  @Test func merges() throws {
    let corpus = try Self.corpus("merges")
    for input in corpus {
      let violation = TokenizerProperties.violation(merges: input.bytes)
      #expect(violation == nil, "fuzz/merges/\(input.name)")
    }
    #expect(corpus.count >= 6)
  }

  @Test func template() throws {
    let corpus = try Self.corpus("template")
    for input in corpus {
      let violation = TokenizerProperties.violation(template: input.bytes)
      #expect(violation == nil, "fuzz/template/\(input.name)")
    }
    let accepted = corpus.filter { (try? ChatTemplate(String(decoding: $0.bytes, as: UTF8.self))) != nil }
    #expect(accepted.count >= 20 && corpus.count - accepted.count >= 20)
  }
}
