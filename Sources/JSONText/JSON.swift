/// A JSON value (RFC 8259) of a file that nobody vouches for.
///
/// Nothing is lost on the way: members keep their order, numbers their digits. Nothing is guessed: ``init(_:limits:)``
/// refuses names that occur twice, which other readers resolve silently and differently.
package enum JSON: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(Number)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A name of an object, and its value.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSON

    package init(name: String, value: JSON) { (self.name, self.value) = (name, value) }
  }

  /// A number as it is written, which neither `Int` nor `Double` can hold in general.
  package struct Number: Hashable, Sendable {
    /// The digits of the file, by JSON's grammar.
    package let text: String

    package init(text: String) { self.text = text }

    /// The number, if it is written without point and exponent and fits.
    package var integer: Int? { Int(text) }

    /// The nearest double, if that is finite.
    package var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// How much of a text is taken before it is refused.
  package struct Limits: Sendable {
    /// Bytes of the text.
    package var bytes: Int
    /// Objects and arrays within each other.
    package var depth: Int
    /// Values in all, those within others included; a value of two bytes takes 16 in memory, so this bounds it.
    package var values: Int
    /// Whether names that differ only in their Unicode normal form are different.
    package var distinguishesForms = false

    package init(bytes: Int, depth: Int, values: Int, distinguishesForms: Bool = false) {
      (self.bytes, self.depth, self.values, self.distinguishesForms) = (bytes, depth, values, distinguishesForms)
    }

    /// For what is bounded by its reader: toy models, certificates, answers of ports and servers.
    package static let document = Limits(bytes: .max, depth: 64, values: .max)
    /// For files that a person may have edited.
    package static let configuration = Limits(bytes: 1 << 24, depth: 64, values: 1 << 20)
    /// For lists of tensors: as long as the reference implementation of safetensors allows (100 MB).
    package static let tensors = Limits(bytes: 100_000_000, depth: 8, values: 1 << 23)
    /// For tokenizers: real ones reach 20 MB, and their vocabularies hold é in both forms.
    package static let tokenizer = Limits(bytes: 1 << 26, depth: 32, values: 1 << 23, distinguishesForms: true)
  }

  /// A name, the same as another if Swift compares them so, or only if its bytes are.
  struct Name: Hashable {
    let text: String
    let isExact: Bool

    static func == (left: Self, right: Self) -> Bool {
      left.isExact ? left.text.utf8.elementsEqual(right.text.utf8) : left.text == right.text
    }

    func hash(into hasher: inout Hasher) {
      guard isExact else { return hasher.combine(text) }
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  /// The value's kind, for messages.
  package var kind: String {
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
