/// A class of characters in a pattern, such as `[^\s\p{L}\p{N}]`: categories, ranges, white space and other classes, or all
/// that is none of these.
struct PatternClass: Hashable, Sendable {
  /// Bit c for the general category of number c.
  private var categories: UInt32 = 0
  private var ranges: [ClosedRange<UInt32>] = []
  private var hasSpace = false
  private var parts: [PatternClass] = []
  private var isNegated = false
  /// The Unicode version in which later characters are unassigned.
  private var unicode = CharacterClass.patternVersion
  /// A character must be in all of these too.
  private var others: [PatternClass] = []
  /// Bit c for the character c below 128; filled when the class is complete.
  private var ascii: [UInt64] = [0, 0]

  /// A class of one kind.
  enum Kind {
    /// `\s`.
    case space
    /// `\p{L}`, `\p{Lu}` and their like.
    case category(String)
    /// Characters from one to another.
    case range(ClosedRange<UInt32>)
  }

  /// The class of a kind; nil for a category that there is not.
  init?(_ kind: Kind, unicode: Int = CharacterClass.patternVersion) {
    self.unicode = unicode
    switch kind {
    case .space: hasSpace = true
    case .range(let range): ranges = [range]
    case .category(let name):
      for (number, category) in Self.categoryNames.enumerated() where category.hasPrefix(name) {
        categories |= 1 << UInt32(number)
      }
      if categories == 0 { return nil }
    }
    complete()
  }

  /// The union of several classes; or, negated, its complement.
  init(anyOf parts: [PatternClass], isNegated: Bool = false) {
    (self.parts, self.isNegated) = (parts, isNegated)
    complete()
  }

  /// The intersection of two classes.
  func intersection(_ other: PatternClass) -> PatternClass {
    var both = self
    both.others.append(other)
    both.complete()
    return both
  }

  /// Whether a character is in the class.
  @inline(__always)
  func contains(_ value: UInt32) -> Bool {
    value < 128 ? ascii[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1 : holds(value)
  }

  private mutating func complete() {
    for value in UInt32(0)..<128 where holds(value) { ascii[Int(value >> 6)] |= 1 << UInt64(value & 63) }
    for value in UInt32(0)..<128 where !holds(value) { ascii[Int(value >> 6)] &= ~(1 << UInt64(value & 63)) }
  }

  private func holds(_ value: UInt32) -> Bool { hasAny(value) != isNegated && others.allSatisfy { $0.holds(value) } }

  private func hasAny(_ value: UInt32) -> Bool {
    if ranges.contains(where: { $0.contains(value) }) { return true }
    if hasSpace, CharacterClass(value) == .space { return true }
    if categories != 0, categories >> category(of: value) & 1 == 1 { return true }
    return parts.contains { $0.holds(value) }
  }

  /// The number of a character's general category; what the patterns' Unicode does not know is unassigned.
  private func category(of value: UInt32) -> UInt32 {
    guard let scalar = Unicode.Scalar(value), CharacterClass.isAssigned(scalar, in: unicode) else {
      return Self.unassigned
    }
    return Self.number(of: scalar.properties.generalCategory)
  }

  private static let categoryNames = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc",
    "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]
  private static let unassigned: UInt32 = 29

  private static func number(of category: Unicode.GeneralCategory) -> UInt32 {
    switch category {
    case .uppercaseLetter: 0
    case .lowercaseLetter: 1
    case .titlecaseLetter: 2
    case .modifierLetter: 3
    case .otherLetter: 4
    case .nonspacingMark: 5
    case .spacingMark: 6
    case .enclosingMark: 7
    case .decimalNumber: 8
    case .letterNumber: 9
    case .otherNumber: 10
    case .connectorPunctuation: 11
    case .dashPunctuation: 12
    case .openPunctuation: 13
    case .closePunctuation: 14
    case .initialPunctuation: 15
    case .finalPunctuation: 16
    case .otherPunctuation: 17
    case .mathSymbol: 18
    case .currencySymbol: 19
    case .modifierSymbol: 20
    case .otherSymbol: 21
    case .spaceSeparator: 22
    case .lineSeparator: 23
    case .paragraphSeparator: 24
    case .control: 25
    case .format: 26
    case .surrogate: 27
    case .privateUse: 28
    case .unassigned: unassigned
    @unknown default: unassigned
    }
  }
}
