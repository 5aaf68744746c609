import ModelSupport
import Testing

@testable import Tokenizers

/// Replays what the fuzzers of `Tests/Fuzzing` kept: an input for each path through the readers that they found.
@Suite struct FuzzCorpusTests {
  @Test func tokenizer() throws {
    let corpus = try FuzzCorpus.inputs("tokenizer")
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
    let corpus = try FuzzCorpus.inputs("merges")
    for input in corpus {
      let violation = TokenizerProperties.violation(merges: input.bytes)
      #expect(violation == nil, "fuzz/merges/\(input.name)")
    }
    #expect(corpus.count >= 6)
  }

  @Test func template() throws {
    let corpus = try FuzzCorpus.inputs("template")
    for input in corpus {
      let violation = TokenizerProperties.violation(template: input.bytes)
      #expect(violation == nil, "fuzz/template/\(input.name)")
    }
    let accepted = corpus.filter { (try? ChatTemplate(String(decoding: $0.bytes, as: UTF8.self))) != nil }
    #expect(accepted.count >= 20 && corpus.count - accepted.count >= 20)
  }
}
