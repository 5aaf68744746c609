/// Text that a certificate brings with it: nothing in it may look like, or act as, anything but text.
///
/// A template escapes what it is given, but it does so character by character, and a mark that joins a quotation
/// mark makes another character of it. Control characters, overrides of the direction of writing and letters that
/// nobody sees can moreover show a reader something else than what is there. All of these are written out here.
package enum OutsideText {
  /// The most characters that are shown of one text.
  package static let limit = 160

  /// The text as a page can show it: what cannot be seen stands as its code, such as `⟨202E⟩`.
  ///
  /// - Returns: ``limit`` characters at most, and then how many of the text's are left out.
  /// - Complexity: O(n) for n characters, of which ``limit`` are written.
  package static func shown(_ text: String) -> String {
    let (shown, left) = cut(text, limit)
    return left == 0 ? shown : "\(shown)… (\(left) more)"
  }

  /// The text as a drawing has room for it: as ``shown(_:)`` does, in `room` characters at most.
  package static func label(_ text: String, room: Int) -> String {
    let (shown, left) = cut(text, room)
    return left == 0 ? shown : "\(cut(text, room - 1).shown)…"
  }

  /// The part of a text that has room, and how many characters of it have none.
  private static func cut(_ text: String, _ room: Int) -> (shown: String, left: Int) {
    var shown = ""
    var used = 0
    for (index, character) in text.enumerated() {
      let piece = written(character)
      used += piece.count
      if used > room { return (shown, text.count - index) }
      shown += piece
    }
    return (shown, 0)
  }

  /// The characters that HTML reads as marks of its own.
  private static let marks: Set<Unicode.Scalar> = ["<", ">", "&", "\"", "'"]

  private static func written(_ character: Character) -> String {
    let scalars = character.unicodeScalars
    if scalars.count == 1, let only = scalars.first { return isVisible(only) ? String(only) : code(of: only) }
    // A mark of HTML stands alone, whatever would join it; and a pile of accents hides the lines above it.
    let holdsMark = scalars.contains(where: marks.contains)
    var accents = 0
    let text = scalars.prefix(mostScalars).reduce(into: "") { text, scalar in
      let isAccent = scalar.properties.generalCategory.isAccent
      accents += isAccent ? 1 : 0
      let joins = holdsMark && !marks.contains(scalar)
      text += isVisible(scalar) && !joins && (!isAccent || accents <= 2) ? String(scalar) : code(of: scalar)
    }
    return scalars.count > mostScalars ? "\(text)⟨…⟩" : text
  }

  /// The most scalars that are shown of one character: any number of accents may be piled on a letter.
  private static let mostScalars = 6

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
