#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
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
      throw ToyModelError.format(
        "unknown key \"\(first)\" in a model; it has \"vocabulary\", \"order\", \"rows\", and optionally \"name\" "
          + "and \"source\"")
    }
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    source = try container.decodeIfPresent(String.self, forKey: .source)
    vocabulary = try container.decode(Int.self, forKey: .vocabulary)
    order = try container.decode(Int.self, forKey: .order)
    rows = try container.decode([String: [Entry]].self, forKey: .rows)
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
      self = try JSONDecoder().decode(ModelDocument.self, from: json)
    } catch let error as ToyModelError {
      throw error
    } catch let error as DecodingError {
      throw .format(Self.explanation(of: error))
    } catch {
      throw .format("not a model: \(error)")
    }
  }

  /// A decoder's error as one line: what is wrong and at which place.
  public static func explanation(of error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "at the top" : "at " + path.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "the key \"\(key.stringValue)\" is missing \(place(context.codingPath))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(context.debugDescription) \(place(context.codingPath))"
    case .dataCorrupted(let context):
      // The parser's own words carry the line and column.
      let cause = context.underlyingError.map { " (\($0))" } ?? ""
      let line = "\(context.debugDescription)\(cause)".split(whereSeparator: \.isNewline).joined(separator: " ")
      return context.codingPath.isEmpty ? "not valid JSON: \(line)" : "\(line) \(place(context.codingPath))"
    @unknown default:
      return "not valid: \(error)"
    }
  }
}

extension ModelDocument.Entry: Codable {
  /// Reads a number, or a text "p/q".
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
      return
    }
    guard let text = try? container.decode(String.self) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a probability is a number or a text \"p/q\"")
    }
    guard let value = Rational(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(ProbabilityError.notANumber(text))")
    }
    self = .fraction(value)
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
