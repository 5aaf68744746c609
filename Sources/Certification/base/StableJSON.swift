import Foundation
import JSONText
import ToyModels

/// JSON whose bytes depend on the value alone, read strictly.
package enum StableJSON {
  /// The value as JSON with sorted keys and a line feed at the end.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  package static func encode(_ value: some Encodable) throws(CertificationError) -> Data {
    try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// The value as JSON on one line, for what is embedded in the binary.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  package static func encodeCompactly(_ value: some Encodable) throws(CertificationError) -> Data {
    try encode(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws(CertificationError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    do {
      return try encoder.encode(value) + Data("\n".utf8)
    } catch {
      throw .certificate("cannot be written as JSON: \(error)")
    }
  }

  /// Reads a value and refuses keys that it does not know, or that occur twice.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  package static func decode<Value: Codable>(_ data: Data) throws(CertificationError) -> Value {
    let value: Value
    do {
      // Decoders take one of two equal keys without a word, and not all take the same one.
      try JSON.check(data)
      value = try JSONDecoder().decode(Value.self, from: data)
    } catch let error as DecodingError {
      throw .certificate(ModelDocument.explanation(of: error))
    } catch {
      throw .certificate("\(error)")
    }
    // What the value does not write again it did not read.
    let known = try? JSONSerialization.jsonObject(with: encode(value))
    let given = try? JSONSerialization.jsonObject(with: data)
    if let unknown = unknownKey(in: given, beside: known, path: "") {
      throw .certificate("unknown key \"\(unknown)\"")
    }
    return value
  }

  private static func unknownKey(in given: Any?, beside known: Any?, path: String) -> String? {
    if let given = given as? [String: Any], let known = known as? [String: Any] {
      for key in given.keys.sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        guard let value = known[key] else {
          if given[key] is NSNull { continue }
          return place
        }
        if let unknown = unknownKey(in: given[key], beside: value, path: place) { return unknown }
      }
    } else if let given = given as? [Any], let known = known as? [Any] {
      for (index, pair) in zip(given, known).enumerated() {
        if let unknown = unknownKey(in: pair.0, beside: pair.1, path: "\(path)[\(index)]") { return unknown }
      }
    }
    return nil
  }
}
