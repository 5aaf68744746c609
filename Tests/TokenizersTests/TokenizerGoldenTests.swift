import Foundation
import ModelSupport
import Testing
import Tokenizers

/// Every tokenizer is Hugging Face's, token for token, on 12,000 strings.
@Suite struct TokenizerGoldenTests {
  @Test func thereAreManyStringsOfEveryKind() throws {
    let strings = TokenizerFixtures.strings
    #expect(strings.count == 12_000)
    #expect(Set(strings.map { Array($0.utf8) }).count > 10_000)
    for name in ["gpt2", "smollm2", "llama2-plain"] {
      #expect(try TokenizerFixtures.goldens(name).count == strings.count)
    }
    let categories = Set(strings.flatMap { $0.unicodeScalars.map(\.properties.generalCategory) })
    #expect(categories.count == 29)
  }

  @Test(arguments: [
    ("gpt2.json", "gpt2"), ("gpt2.gguf", "gpt2"), ("opt", "opt"), ("smollm.json", "smollm"),
    ("prefixed.json", "prefixed"), ("llama3.json", "llama3"), ("llama3.gguf", "llama3"), ("splits.json", "splits"),
    ("llama2.json", "llama2"), ("llama2.gguf", "llama2"), ("llama2-metaspace.json", "llama2-metaspace"),
    ("unigram.json", "unigram"), ("unigram-bytes.json", "unigram-bytes"),
  ])
  func tokensAreTheGoldens(file: String, golden: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(file)
    let differences = try TokenizerFixtures.differences(tokenizer, golden)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  /// Of a GGUF file's unigrams the reference is SentencePiece, which looks for no special tokens.
  @Test func unigramsOfGGUFAreSentencePieces() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("unigram-bytes.gguf")
    let differences = try TokenizerFixtures.differences(tokenizer, "unigram-bytes-sentencepiece", allowSpecial: false)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  @Test(arguments: ["smollm", "llama2"])
  func plainTextIsTheGoldens(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer("\(name).json")
    let differences = try TokenizerFixtures.differences(tokenizer, "\(name)-plain", allowSpecial: false)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }

  @Test(.needsSmolLM2) func smolLM2IsTheGoldens() throws {
    let tokenizer = try TokenizerFixtures.tokenizer(at: SmolLM2.file)
    var differences = try TokenizerFixtures.differences(tokenizer, "smollm2")
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    differences = try TokenizerFixtures.differences(tokenizer, "smollm2-plain", allowSpecial: false)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    // Eight bytes are in no token of its vocabulary, so that texts with them lose them, as in the reference.
    #expect(tokenizer.lostBytes == [0x04, 0x06, 0x13, 0x14, 0x16, 0x1D, 0xF1, 0xF2])
  }

  /// A golden that is another's would be noticed.
  @Test func goldensDiffer() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("gpt2.json")
    #expect(try TokenizerFixtures.differences(tokenizer, "smollm").count == 5)
  }
}
