import Foundation
import JSONText
import ToyModels

/// Fields of a completion request that a user sets beside the run's own, as one JSON object; null leaves a field out.
package struct RequestFields: Hashable, Sendable, Codable {
  /// The object, keys sorted.
  package let text: String

  /// The fields that a run decides by itself: another value would be another test, or none.
  private static let own = ["prompt", "max_tokens", "seed", "n", "stream", "logprobs", "temperature", "top_k", "model"]
  /// Without these there is no request.
  private static let needed = ["prompt", "max_tokens", "temperature", "top_k"]

  /// Reads an object.
  ///
  /// - Parameter option: what gave it, for the message.
  /// - Throws: ``ServerFailure`` for what is no JSON object, and for a field that is the run's own.
  package init(json: String, option: String) throws(ServerFailure) {
    func refuse(_ reason: String) -> ServerFailure { ServerFailure(.settings, "\(option): \(reason)") }
    do {
      try JSON.check(json.utf8)
    } catch {
      throw refuse("\(error); give an object such as '{\"speculative.n_max\": 0}'")
    }
    guard let object = Self.object(json) else {
      throw refuse("is no JSON object; give one such as '{\"speculative.n_max\": 0}'")
    }
    for (name, value) in object.sorted(by: { $0.key < $1.key }) where Self.own.contains(name) {
      if !(value is NSNull) {
        throw refuse("\"\(name)\" is the run's own; it can be left out by null at most")
      }
      if Self.needed.contains(name) { throw refuse("\"\(name)\" cannot be left out; nothing would be tested") }
    }
    guard
      let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    else { throw refuse("cannot be written as JSON again") }
    text = String(decoding: data, as: UTF8.self)
  }

  /// A certificate's own; it is text there, and read no further.
  package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }

  /// Text, as the fields may hold anything.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  private static func object(_ json: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
  }

  /// A request's body: its fields, changed by one object after the other.
  static func body(_ fields: [String: Any], changedBy changes: [RequestFields]) throws(ServerFailure) -> Data {
    var fields = fields
    for change in changes {
      for (name, value) in object(change.text) ?? [:] {
        fields[name] = value is NSNull ? nil : value
      }
    }
    do {
      return try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    } catch {
      throw ServerFailure(.settings, "the request cannot be written as JSON")
    }
  }
}
