import Foundation
import Testing

@testable import Tokenizers

/// Every pattern of the table is read, and matches what it should.
@Suite struct KnownPatternTests {
  @Test(arguments: PatternForm.allCases)
  func everyPatternIsReadAndIsItsOwn(form: PatternForm) throws {
    let patterns = try KnownPattern.allCases.map { known in try known.pattern(form, for: "f") }
    #expect(Set(patterns).count == KnownPattern.allCases.count)
    // A pattern that matches nothing, or the empty text alone, has no other steps.
    #expect(patterns.allSatisfy { $0.steps.count > 1 && $0.steps.last == .match })
  }

  /// The models' own files hold the patterns of the table, in the order of the table's steps.
  @Test func theModelsFilesHoldThem() throws {
    let steps = try JSONDecoder().decode([String: Steps].self, from: TokenizerFixtures.data("steps.json"))
    let known = steps.mapValues { steps in
      (steps.pre_tokenizer.pretokenizers ?? []).compactMap { step in step.pattern.map { KnownPattern($0.Regex) } }
    }
    #expect(known["tekken"] == [.tekken])
    #expect(known["gpt-4o"] == [.gpt4o])
    #expect(known["deepseek-llm"] == [.lineBreak, .europeanWord, .punctuation, .trailingSpace, .eastAsian])
    #expect(known["deepseek-coder"] == [.lineBreak, .word, .anyPunctuation, .eastAsian])
    #expect(known["deepseek-v3"] == [.threeDigits, .hanAndKana, .deepSeekV3])
    #expect(known["nfc"] == [])
  }

  private struct Steps: Decodable {
    struct Split: Decodable {
      struct Pattern: Decodable { let Regex: String }
      let pattern: Pattern?
    }
    struct PreTokenizer: Decodable { let pretokenizers: [Split]? }
    let pre_tokenizer: PreTokenizer
  }

  /// The pieces that were worked out by hand from each regular expression; matches are in brackets.
  @Test(arguments: [
    (KnownPattern.llama3, "I'Ll pay 1234 é\n", "[I]['Ll][ pay][ ][123][4][ é][\n]"),
    (.tekken, "camelCase HTTPServer 12", "[camel][Case][ HTTPServer][ ][1][2]"),
    (.gpt4o, "don't HTTPServer's 1234//\n", "[don't][ HTTPServer's][ ][123][4][//\n]"),
    (.lineBreak, "a\r\nb", "a[\r][\n]b"),
    (.europeanWord, "a été Привет 漢", "[a][ été][ Привет] 漢"),
    (.punctuation, "1, 2 (3)。4é", "1[,] 2[ (]3[)。]4é"),
    (.trailingSpace, "a b  ", "a b[  ]"),
    (.eastAsian, "a漢字한b", "a[漢字한]b"),
    (.word, "a été 漢!", "[a][ été][ 漢]!"),
    (.anyPunctuation, "a, $!", "a[,] $[!]"),
    (.number, "a12b3", "a[12]b[3]"),
    (.digit, "a12", "a[1][2]"),
    (.threeDigits, "1234", "[123][4]"),
    (.hanAndKana, "a漢カb", "a[漢カ]b"),
    (.deepSeekV3, "a.b $x  \n", "[a][.b][ $][x][  \n]"),
  ])
  func matchesAreTheExpected(known: KnownPattern, text: String, expected: String) throws {
    for form in PatternForm.allCases {
      let bytes = Array(text.utf8)
      var found = ""
      try known.pattern(form, for: "f").forEachPart(of: bytes, 0..<bytes.count) { range, isMatch in
        let part = String(decoding: bytes[range], as: UTF8.self)
        found += isMatch ? "[\(part)]" : part
      }
      #expect(found == expected, "\(known), \(form)")
    }
  }

  @Test func otherPatternsAreNotKnown() {
    for text in ["", "a", #"\p{N}{1,2}"#, #"\p{N}++"#, "[", #"\p{Q}"#, "(a)+", #"\w+"#] {
      #expect(KnownPattern(text) == nil, "\(text)")
    }
  }
}
