import Foundation

/// Unicode's normalisation form C.
enum CanonicalComposition {
  /// A text in form C.
  ///
  /// - Parameter text: valid UTF-8.
  /// - Complexity: O(n); a text of ASCII alone is returned as it is.
  static func composed(_ text: ArraySlice<UInt8>) -> [UInt8] {
    if text.allSatisfy({ $0 < 0x80 }) { return Array(text) }
    return Array(String(decoding: text, as: UTF8.self).precomposedStringWithCanonicalMapping.utf8)
  }
}
