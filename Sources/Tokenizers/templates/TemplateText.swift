/// A string of a template's run: Unicode scalars, as Python counts them, each with whether it is the conversation's.
///
/// Wherever a template puts what a person wrote, cut, joined or in capitals, it stays content, in which special tokens
/// are not looked for.
struct TemplateText: Sendable {
  /// Marks a scalar that is content; scalars end below it.
  static let contentBit: UInt32 = 1 << 31

  /// The scalars, with the mark.
  var units: [UInt32]

  init(units: some Sequence<UInt32>) { self.units = Array(units) }

  /// A text, all of it content or none.
  init(_ text: String, isContent: Bool = false) {
    let mark = isContent ? Self.contentBit : 0
    units = text.unicodeScalars.map { $0.value | mark }
  }

  /// The text without marks.
  var string: String { Self.string(units[...]) }

  /// The text cut where content begins or ends.
  var parts: [PromptPart] {
    var parts: [PromptPart] = []
    var start = 0
    for index in units.indices where index + 1 == units.count || Self.differ(units[index], units[index + 1]) {
      let isContent = units[index] & Self.contentBit != 0
      parts.append(PromptPart(Self.string(units[start...index]), isContent: isContent))
      start = index + 1
    }
    return parts
  }

  private static func differ(_ left: UInt32, _ right: UInt32) -> Bool { (left ^ right) & contentBit != 0 }

  private static func string(_ units: ArraySlice<UInt32>) -> String {
    var text = String.UnicodeScalarView()
    for unit in units { text.append(unit.scalar) }
    return String(text)
  }
}

extension TemplateText: Hashable {
  /// Whether the scalars are the same; whose they are makes no difference.
  static func == (left: Self, right: Self) -> Bool {
    left.units.count == right.units.count && zip(left.units, right.units).allSatisfy { $0.value == $1.value }
  }

  func hash(into hasher: inout Hasher) {
    for unit in units { hasher.combine(unit.value) }
  }
}

extension UInt32 {
  /// The number of a unit's scalar, without the mark.
  var value: UInt32 { self & ~TemplateText.contentBit }

  /// The scalar of a unit.
  var scalar: Unicode.Scalar { Unicode.Scalar(value) ?? "\u{FFFD}" }

  /// Whether Python calls it white: what Unicode does, and U+001C to U+001F.
  var isWhite: Bool {
    let value = value
    if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) || (0x1C...0x1F).contains(value) }
    return scalar.properties.isWhitespace
  }

  /// Whether it is the ASCII character.
  func isCharacter(_ character: Unicode.Scalar) -> Bool { value == character.value }
}
