import Foundation
import Testing

@testable import Tokenizers

/// An added token that must stand alone is found where `tokenizers` finds it, and nowhere within a word
/// (`Fixtures/tokenizers/make_single_word.py`).
@Suite struct SingleWordTokenTests {
  private struct Case: Decodable {
    struct Text: Decodable {
      let text: String
      let tokens: [Int]
    }
    let name: String
    let file: String
    let texts: [Text]
  }

  @Test func tokensAreThoseOfTokenizers() throws {
    let cases = try JSONDecoder().decode([Case].self, from: TokenizerFixtures.data("single-word.json"))
    #expect(cases.map(\.name) == ["pairs", "unigrams"])
    for made in cases {
      let tokenizer = try PieceTokenizer(TokenizerDescription(json: Array(made.file.utf8), file: made.name))
      for text in made.texts {
        #expect(tokenizer.encode(text.text) == text.tokens, "\(made.name): \(text.text.debugDescription)")
      }
      // The token is in some of the texts, and in others only within words.
      let holding = made.texts.filter { $0.text.contains("abc") }
      #expect(holding.contains { $0.tokens.contains(6) } && holding.contains { !$0.tokens.contains(6) })
    }
  }
}
