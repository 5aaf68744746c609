#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import JSONText
import Probability

extension ModelDocument: Codable {
  private enum Key: String, CodingKey, CaseIterable {
    case name, source, vocabulary, order, rows
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads a document and refuses keys that the format does not know.
  public init(from decoder: any Decoder) throws {
    let all = try decoder.container(keyedBy: AnyKey.self)
    let unknown = all.allKeys.map(\.stringValue).filter { Key(rawValue: $0) == nil }.sorted()
    if let first = unknown.first {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription:
            "unknown key \"\(first)\" in a model; its keys are vocabulary, order, rows, and if you like name and source"
        ))
    }
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    source = try container.decodeIfPresent(String.self, forKey: .source)
    vocabulary = try Self.wholeNumber(.vocabulary, in: container)
    order = try Self.wholeNumber(.order, in: container)
    rows = try container.decode([String: [Entry]].self, forKey: .rows)
  }

  private static func wholeNumber(_ key: Key, in container: KeyedDecodingContainer<Key>) throws -> Int {
    guard container.contains(key) else { return try container.decode(Int.self, forKey: key) }
    // A decoder's own error for 2.5 or 1e30 does not say where it is.
    guard let value = try? container.decode(Int.self, forKey: key) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: "must be a whole number below 2^63")
    }
    return value
  }

  /// Writes the document; fractions as text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(source, forKey: .source)
    try container.encode(vocabulary, forKey: .vocabulary)
    try container.encode(order, forKey: .order)
    try container.encode(rows, forKey: .rows)
  }

  /// Reads a document from JSON text.
  ///
  /// - Throws: ``ToyModelError/format(_:)`` with what is wrong and where.
  public init(json: Data) throws(ToyModelError) {
    do {
      try JSON.check(json)
      self = try JSONDecoder().decode(ModelDocument.self, from: json)
    } catch let error as DecodingError {
      throw .format(Self.explanation(of: error))
    } catch let error as JSONError {
      throw .format("\(error)")
    } catch {
      throw .format("not a model: \(error)")
    }
  }

  /// A decoder's error as one line: the place, and what must stand there.
  public static func explanation(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      return sentence("the key \"\(key.stringValue)\" is missing", at: context.codingPath)
    case .typeMismatch(let type, let context):
      return sentence("must be \(name(of: type))", at: context.codingPath)
    case .valueNotFound(let type, let context):
      return sentence("must be \(name(of: type)), not null", at: context.codingPath)
    case .dataCorrupted(let context):
      // A decoder says the same of no JSON and of a number that its type cannot hold, and names no place.
      if context.codingPath.isEmpty, context.debugDescription.hasPrefix("The given data was not valid JSON") {
        return "not valid JSON, or a number in it is not whole or too large"
      }
      return sentence(context.debugDescription, at: context.codingPath)
    @unknown default:
      return "not valid: \(error)"
    }
  }

  private static func sentence(_ text: String, at path: [any CodingKey]) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    if path.isEmpty { return line.hasPrefix("must") ? "the whole file \(line)" : line }
    var place = ""
    for key in path {
      let name = key.stringValue
      if let index = key.intValue, name != String(index) {
        place += "[\(index)]"
      } else if name.wholeMatch(of: /[A-Za-z]+/) != nil {
        place += place.isEmpty ? name : ".\(name)"
      } else {
        place += "[\"\(name)\"]"
      }
    }
    return "\(place): \(line)"
  }

  private static func name(of type: any Any.Type) -> String {
    if type == String.self { return "a text in quotes" }
    if type == Int.self || type == UInt64.self { return "a whole number" }
    if type == Double.self { return "a number" }
    if type == Bool.self { return "true or false" }
    return "\(type)".hasPrefix("Dictionary") ? "an object" : "\(type)".hasPrefix("Array") ? "a list" : "a \(type)"
  }
}

extension ModelDocument.Entry: Codable {
  /// Reads a number, or an exact value as text: "p/q", a whole number or a decimal, without signs or leading zeros.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
      return
    }
    guard let text = try? container.decode(String.self) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "must be a number or a text \"p/q\"")
    }
    // What is negative is refused with the row, for a reason of its own.
    guard let value = Rational(text), value < .zero || Self.isPlain(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(ProbabilityError.notANumber(text))")
    }
    self = .fraction(value)
  }

  /// Whether a text is spelled as the schema asks: one spelling for every reader, and none that only Swift takes.
  private static func isPlain(_ text: String) -> Bool {
    func isDigits(_ part: Substring) -> Bool {
      !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    func isWhole(_ part: Substring) -> Bool { isDigits(part) && (part == "0" || part.first != "0") }
    let fraction = text.split(separator: "/", omittingEmptySubsequences: false)
    if fraction.count == 2 { return isWhole(fraction[0]) && isWhole(fraction[1]) }
    let decimal = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    return isWhole(decimal[0]) && (decimal.count == 1 || isDigits(decimal[1]))
  }

  /// Writes a number, or a text "p/q".
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .fraction(let value): try container.encode(value.description)
    }
  }
}
