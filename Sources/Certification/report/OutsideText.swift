/// Text that a certificate brings with it: nothing in it may look like, or act as, anything but text.
///
/// A template escapes what it is given, but it does so character by character, and a mark that joins a quotation
/// mark makes another character of it. Control characters, overrides of the direction of writing and letters that
/// nobody sees can moreover show a reader something else than what is there. All of these are written out here.
enum OutsideText {
  /// The most characters that are shown of one text.
  static let limit = 160

  /// The text as a page can show it: what cannot be seen stands as its code, such as `⟨202E⟩`.
  ///
  /// - Parameter limit: the most characters; how many more there are is stated.
  /// - Complexity: O(n) for n characters, of which `limit` are written.
  static func shown(_ text: String, limit: Int = limit) -> String {
    var shown = ""
    var count = 0
    for character in text {
      if count == limit {
        return "\(shown)… (\(text.count - limit) more)"
      }
      count += 1
      append(character, to: &shown)
    }
    return shown
  }

  /// The characters that HTML reads as marks of its own.
  private static let marks: Set<Unicode.Scalar> = ["<", ">", "&", "\"", "'"]

  private static func append(_ character: Character, to shown: inout String) {
    let scalars = character.unicodeScalars
    if scalars.count == 1, let only = scalars.first {
      shown += isVisible(only) ? String(only) : code(of: only)
      return
    }
    // A mark of HTML stands alone, whatever would join it; and a pile of accents hides the lines above it.
    let holdsMark = scalars.contains(where: marks.contains)
    var accents = 0
    for scalar in scalars {
      let isAccent = scalar.properties.generalCategory.isAccent
      accents += isAccent ? 1 : 0
      let joins = holdsMark && !marks.contains(scalar)
      shown += isVisible(scalar) && !joins && (!isAccent || accents <= 2) ? String(scalar) : code(of: scalar)
    }
  }

  private static func code(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "⟨\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)⟩"
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: scalar == " "
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isAccent: Bool { self == .nonspacingMark || self == .enclosingMark }
}
