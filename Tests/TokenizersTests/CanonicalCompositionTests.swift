import Foundation
import Testing

@testable import Tokenizers

/// Form C is Unicode's: Python's `unicodedata` says it of every canonical decomposition, of exclusions and of marks in any order
/// (`Fixtures/tokenizers/make_nfc.py`), and Unicode's arithmetic (section 3.12) of every syllable of Hangul.
@Suite struct CanonicalCompositionTests {
  private static func bytes(_ scalars: Substring) -> [UInt8] {
    var text = String.UnicodeScalarView()
    for word in scalars.split(separator: " ") {
      if let scalar = UInt32(word, radix: 16).flatMap(Unicode.Scalar.init) { text.append(scalar) }
    }
    return Array(String(text).utf8)
  }

  private static func bytes(_ values: UInt32...) -> [UInt8] {
    Array(String(String.UnicodeScalarView(values.compactMap(Unicode.Scalar.init))).utf8)
  }

  @Test func decompositionsExclusionsAndReorderings() throws {
    let lines = String(decoding: try TokenizerFixtures.data("nfc.txt"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count > 4000)
    var changed = 0
    for line in lines {
      let texts = line.split(separator: ";").map(Self.bytes)
      #expect(texts.count == 2)
      let composed = CanonicalComposition.composed(texts[0][...])
      #expect(composed == texts[1], "\(line)")
      // What is in form C stays as it is.
      #expect(CanonicalComposition.composed(composed[...]) == composed, "\(line)")
      if texts[0] != texts[1] { changed += 1 }
    }
    #expect(changed > 2000)
  }

  @Test func everySyllableOfHangulIsComposed() {
    var wrong: [UInt32] = []
    for syllable in UInt32(0)..<11_172 {
      let whole = Self.bytes(0xAC00 + syllable)
      let (lead, vowel, tail) = (0x1100 + syllable / 588, 0x1161 + syllable % 588 / 28, 0x11A7 + syllable % 28)
      let parts = tail == 0x11A7 ? Self.bytes(lead, vowel) : Self.bytes(lead, vowel, tail)
      // A syllable of two takes a tail that follows it.
      let halves = tail == 0x11A7 ? whole : Self.bytes(0xAC00 + syllable / 28 * 28, tail)
      for text in [whole, parts, halves] where CanonicalComposition.composed(text[...]) != whole {
        wrong.append(syllable)
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func textOfASCIIAloneIsItself() {
    let bytes = (UInt8.min..<0x80).map { $0 }
    #expect(CanonicalComposition.composed(bytes[...]) == bytes)
    #expect(CanonicalComposition.composed([]) == [])
  }
}
