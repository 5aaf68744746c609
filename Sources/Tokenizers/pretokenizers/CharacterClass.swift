/// The class of a character in the pre-tokenizers' patterns: `\p{L}`, `\p{N}`, `\s`, or none of these.
enum CharacterClass: UInt8, Sendable {
  case letter
  case number
  case space
  case other

  /// The Unicode version of the patterns' reference implementation, in which later characters are unassigned.
  ///
  /// `tokenizers` 0.23 matches patterns by Oniguruma 6.9.10, whose tables are those of Unicode 16.0. Swift 6.3 has
  /// 17.0, which adds 4644 letters and 13 numbers: these are `other`. White space is the same in both.
  static let patternVersion = 16

  /// The class of a character in a pattern; later characters than a version's are unassigned.
  @inline(__always)
  init(_ value: UInt32, in version: Int = patternVersion) {
    self = value < 0x80 ? Self.ascii[Int(value)] : Self.beyondASCII(value, in: version)
  }

  /// Whether a character is `\p{N}` in a version of Unicode; to Rust's standard library, by which `Digits` cuts, of any.
  static func isDigit(_ value: UInt32, in version: Int = .max) -> Bool {
    if value < 0x80 { return ascii[Int(value)] == .number }
    guard let scalar = Unicode.Scalar(value) else { return false }
    return Self(scalar.properties.generalCategory) == .number && (version == .max || isAssigned(scalar, in: version))
  }

  /// Whether a character is `\w`: alphabetic, a mark, a decimal digit, a connector, or a joiner.
  static func isWord(_ value: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(value), isAssigned(scalar) else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return scalar.properties.isAlphabetic || scalar.properties.isJoinControl
    }
  }

  private static let ascii: [CharacterClass] = (0..<0x80).map { value in
    switch UInt8(value) {
    case 9...13, 32: .space
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): .letter
    default: .other
    }
  }

  private static func beyondASCII(_ value: UInt32, in version: Int) -> CharacterClass {
    guard let scalar = Unicode.Scalar(value) else { return .other }
    let found = Self(scalar.properties.generalCategory)
    if found == .other { return scalar.properties.isWhitespace ? .space : .other }
    return isAssigned(scalar, in: version) ? found : .other
  }

  /// Whether the patterns' Unicode knows a character.
  static func isAssigned(_ scalar: Unicode.Scalar, in version: Int = patternVersion) -> Bool {
    (scalar.properties.age?.major ?? .max) <= version
  }

  /// Letters and numbers; white space is no category.
  private init(_ category: Unicode.GeneralCategory) {
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    default: self = .other
    }
  }
}
