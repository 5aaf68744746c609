/// A JSON value (RFC 8259) of a file that nobody vouches for.
///
/// Nothing is lost on the way: members keep their order, numbers their digits. Nothing is guessed: ``init(_:limits:)``
/// refuses names that occur twice, which other readers resolve silently and differently.
enum JSON: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(Number)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A name of an object, and its value.
  struct Member: Hashable, Sendable {
    let name: String
    let value: JSON
  }

  /// A number as it is written, which neither `Int` nor `Double` can hold in general.
  struct Number: Hashable, Sendable {
    /// The digits of the file, by JSON's grammar.
    let text: String

    /// The number, if it is written without point and exponent and fits.
    var integer: Int? { Int(text) }

    /// The nearest double, if that is finite.
    var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// How much of a text is taken before it is refused.
  struct Limits: Sendable {
    /// Bytes of the text.
    var bytes: Int
    /// Objects and arrays within each other.
    var depth: Int
    /// Values in all, those within others included; a value of two bytes takes 16 in memory, so this bounds it.
    var values: Int
    /// Whether names that differ only in their Unicode normal form are different.
    var distinguishesForms = false

    /// For files that a person may have edited.
    static let configuration = Limits(bytes: 1 << 24, depth: 64, values: 1 << 20)
    /// For lists of tensors: as long as the reference implementation of safetensors allows (100 MB).
    static let tensors = Limits(bytes: 100_000_000, depth: 8, values: 1 << 23)
    /// For tokenizers: real ones reach 20 MB, and their vocabularies hold é in both forms.
    static let tokenizer = Limits(bytes: 1 << 26, depth: 32, values: 1 << 23, distinguishesForms: true)
  }

  /// A name that is the same only if its bytes are.
  struct ExactName: Hashable, Sendable {
    let text: String

    static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  /// What a value is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .boolean(let value): String(value)
    case .number(let number): number.text.oneLine(limit: 32)
    case .string(let text): "\"\(text.oneLine(limit: 48))\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Where a text stops being JSON, or JSON within the limits, and why.
struct JSONError: Error, Hashable, Sendable {
  /// Bytes before the fault.
  let offset: Int
  let reason: String

  /// Line and column, both from 1, of the fault in the text; a column is a byte.
  func place(in text: [UInt8]) -> String {
    let before = text[..<min(offset, text.count)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return "line \(line), column \(column)"
  }
}
