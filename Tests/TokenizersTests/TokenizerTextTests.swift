import Probability
import Testing

@testable import Tokenizers

/// From tokens back to text, and at what speed text becomes tokens.
@Suite struct TokenizerTextTests {
  /// Byte-level tokenizers lose nothing; the property also says that streamed text is the text.
  @Test(arguments: ["gpt2.json", "gpt2.gguf", "opt", "llama3.json", "llama3.gguf"])
  func anyTextIsReadBack(file: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(file)
    #expect(TokenizerProperties.isLossless(tokenizer))
    for text in TokenizerFixtures.strings { #expect(TokenizerProperties.violation(text, tokenizer) == nil) }
  }

  /// SentencePiece's write a space for ▁ and put one before the text; nothing else changes.
  @Test func textOfSentencePieceIsReadBackUpToItsSpaces() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("llama2.gguf")
    for text in TokenizerFixtures.strings {
      let tokens = tokenizer.encode(text, allowSpecial: false)
      let expected = text.unicodeScalars.map { $0 == "\u{2581}" ? " " : $0 }
      let decoded = tokenizer.decode(tokens)
      // After an added token, of which two spaces are one here, a text begins anew, with a space.
      if text.contains("  ") || text.contains("<repo_name>") { continue }
      #expect(Array(decoded.unicodeScalars) == expected)
    }
    #expect(tokenizer.decode(tokenizer.encode("Hello")) == "Hello")
    // Within a text the space stays.
    var stream = StreamingText(tokenizer, isFirst: false)
    #expect(tokenizer.encode("Hello").map { stream.append($0) }.joined() + stream.finish() == " Hello")
  }

  @Test func charactersAreNeverCut() throws {
    for file in ["gpt2.json", "llama2.json"] {
      let tokenizer = try TokenizerFixtures.tokenizer(file)
      for text in TokenizerFixtures.strings.filter({ !$0.contains("\u{FFFD}") }).prefix(6000) {
        var stream = StreamingText(tokenizer)
        for token in tokenizer.encode(text) {
          #expect(!stream.append(token).unicodeScalars.contains("\u{FFFD}"))
        }
        #expect(stream.finish() == "")
      }
    }
  }

  @Test func specialTokensAreShownOnlyIfAskedFor() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("smollm.json")
    let tokens = tokenizer.encode("a<|im_end|>b")
    #expect(tokens.count == 3 && tokenizer.isSpecial(tokens[1]))
    #expect(tokenizer.decode(tokens) == "ab")
    var stream = StreamingText(tokenizer, showsSpecial: true)
    #expect(tokens.map { stream.append($0) }.joined() == "a<|im_end|>b")
    // A special token before a text does not take its first space.
    let llama = try TokenizerFixtures.tokenizer("llama2.json")
    #expect(llama.decode([1] + llama.encode("Hello")) == "Hello")
  }

  /// No content becomes a control token, wherever it stands, and the template's remain.
  @Test func contentCannotSteer() throws {
    for file in ["smollm.json", "llama2.json", "llama2.gguf", "unigram.json", "unigram-bytes.gguf", "llama3.json"] {
      let tokenizer = try TokenizerFixtures.tokenizer(file)
      let special = try #require(tokenizer.definition.added.last { $0.isSpecial && !$0.stripsLeft && !$0.stripsRight })
      let name = String(decoding: special.content, as: UTF8.self)
      for text in [name, "x\(name)", name + name, "<\(name)>", String(name.dropFirst()), String(name.dropLast())] {
        #expect(!tokenizer.encode(text, allowSpecial: false).contains { tokenizer.isSpecial($0) })
        let tokens = tokenizer.encode([
          PromptPart(name, isContent: false), PromptPart(text, isContent: true), PromptPart(name, isContent: false),
        ])
        #expect(tokens.count { $0 == special.token } == 2, "\(file): \(text)")
        #expect(tokens.first == special.token && tokens.last == special.token)
      }
    }
  }

  @Test func theHeapIsItsNaiveTwin() {
    var generator = SplitMix64(seed: 9)
    for _ in 0..<3000 {
      let bytes = (0..<Int(generator.next() % 200)).map { _ in
        // Few letters, so that merges meet.
        generator.next() % 3 == 0 ? UInt8(truncatingIfNeeded: generator.next()) : UInt8(97 + generator.next() % 4)
      }
      #expect(TokenizerProperties.violation(merges: bytes) == nil)
    }
  }

  /// Quadratic merging would hold the tests up; what a long word takes is measured by `rsd bench tokenizer`.
  @Test func longWordsAreWhole() throws {
    for file in ["gpt2.json", "llama2.json", "unigram.json", "unigram-bytes.gguf"] {
      let tokenizer = try TokenizerFixtures.tokenizer(file)
      let word = String(repeating: "abracadabra", count: 20_000)
      #expect(tokenizer.decode(tokenizer.encode(word)) == word)
    }
  }

  @Test func longAndShortPiecesAreTheSame() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("gpt2.json")
    // Pieces of 15 bytes are remembered, those of 16 are not; ones that differ in a zero byte are different.
    for text in [String(repeating: "a", count: 15), String(repeating: "a", count: 16), "\0", "\0\0"] {
      let tokens = tokenizer.encode(text)
      #expect(tokenizer.encode("\(text)\n\(text)") == tokens + tokenizer.encode("\n") + tokens)
    }
  }

  /// Letters that Unicode 17 added are none to the reference's patterns; its digits are.
  @Test func laterCharactersAreUnassigned() {
    #expect(CharacterClass(0x88F) == .other && CharacterClass(0x11DE0) == .other)
    #expect(CharacterClass(0x88E) == .letter && CharacterClass.isDigit(0x11DE0) && !CharacterClass.isWord(0x88F))
    var counts: [CharacterClass: Int] = [:]
    for value in UInt32(0)...0x10FFFF where Unicode.Scalar(value) != nil {
      counts[CharacterClass(value), default: 0] += 1
    }
    #expect(counts[.letter] == 141_028 && counts[.number] == 1911 && counts[.space] == 25)
  }
}
