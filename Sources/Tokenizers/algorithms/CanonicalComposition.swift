import Foundation

/// Unicode's normalisation form C.
enum CanonicalComposition {
  /// A text in form C.
  ///
  /// - Parameter text: valid UTF-8.
  /// - Complexity: O(n); a text of ASCII alone is returned as it is.
  static func composed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    if text.allSatisfy({ $0 < 0x80 }) { return Array(text) }
    let composed = String(decoding: text, as: UTF8.self).precomposedStringWithCanonicalMapping
    return withTails(composed.unicodeScalars)
  }

  /// Joins syllables of Hangul without a tail with a tail that follows, which Foundation on Linux leaves apart.
  private static func withTails(_ scalars: String.UnicodeScalarView) -> [UInt8] {
    guard scalars.contains(where: { tails.contains($0.value) }) else { return Array(String(scalars).utf8) }
    var joined = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in scalars {
      if let syllable = last, let whole = joinedSyllable(syllable, scalar) {
        joined.removeLast()
        joined.append(whole)
        last = whole
      } else {
        joined.append(scalar)
        last = scalar
      }
    }
    return Array(String(joined).utf8)
  }

  /// The syllable of one without a tail and a tail; nil for other characters.
  private static func joinedSyllable(_ syllable: Unicode.Scalar, _ tail: Unicode.Scalar) -> Unicode.Scalar? {
    guard tails.contains(tail.value), syllables.contains(syllable.value),
      (syllable.value - syllables.lowerBound) % tailCount == 0
    else { return nil }
    return Unicode.Scalar(syllable.value + tail.value - tails.lowerBound + 1)
  }

  private static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
  private static let tails: ClosedRange<UInt32> = 0x11A8...0x11C2
  /// How many syllables differ in their tail alone, with the one that has none.
  private static let tailCount: UInt32 = 28
}
