import Probability
import Testing

@testable import Tokenizers

@Suite struct StreamingTextTests {
  /// Bytes that are mostly UTF-8: whole characters, cut ones, and bytes that are none.
  private static func bytes(_ generator: inout SplitMix64) -> [UInt8] {
    let characters = ["a", "\n", "é", "ß", "€", "\u{FFFD}", "𝄞", "👩‍👩‍👧", "\u{0301}", "\u{10FFFF}", "\u{800}", "\u{D7FF}"]
    var bytes: [UInt8] = []
    for _ in 0..<Int(generator.next() % 24) {
      var part = Array(characters[Int(generator.next() % UInt64(characters.count))].utf8)
      switch generator.next() % 4 {
      case 0: part.removeLast(Int(generator.next() % UInt64(part.count)))
      case 1: part = [UInt8(truncatingIfNeeded: generator.next())]
      default: break
      }
      bytes += part
    }
    return bytes
  }

  @Test func partsAreTogetherWhatTheWholeIs() {
    var generator = SplitMix64(seed: 1)
    var heldBack = 0
    for _ in 0..<20_000 {
      let bytes = Self.bytes(&generator)
      var text = StreamingText(ByteTokenizer())
      var parts = ""
      for byte in bytes {
        let part = text.append(Int(byte))
        if part.isEmpty { heldBack += 1 }
        parts += part
      }
      parts += text.finish()
      #expect(Array(parts.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
      #expect(text.finish() == "")
    }
    #expect(heldBack > 10_000)
  }

  /// A character is passed on with its last byte, never before, and never later.
  @Test func charactersComeWhole() {
    for character in ["a", "é", "€", "𝄞", "\u{D7FF}", "\u{E000}", "\u{10FFFF}", "\u{80}", "\u{800}", "\u{10000}"] {
      var text = StreamingText(ByteTokenizer())
      let bytes = Array(character.utf8)
      for byte in bytes.dropLast() { #expect(text.append(Int(byte)) == "") }
      #expect(text.append(Int(bytes[bytes.count - 1])) == character)
      #expect(text.finish() == "")
    }
  }

  /// Bytes that no further byte could complete are not waited for.
  @Test(arguments: [[0xFF], [0xC0], [0xC1], [0xF5], [0x80], [0xE0, 0x80], [0xED, 0xA0], [0xF4, 0x90], [0xF0, 0x8F]])
  func whatIsNoUTF8ComesAtOnce(bytes: [UInt8]) {
    #expect(StreamingText.incompleteSuffix(of: bytes) == 0)
  }

  @Test func bytesAreTokens() {
    let text = "In the beginning — naïve 𝄞\n"
    #expect(ByteTokenizer().encode(text) == text.utf8.map(Int.init))
    #expect(ByteTokenizer().decode(ByteTokenizer().encode(text)) == text)
  }
}
