import SpeculativeDecoding

/// A number of a law in JSON: a JSON number, or the text of a value that JSON numbers lack.
///
/// The texts "NaN", "Infinity" and "-Infinity" occur in vectors that must be refused, and nowhere else.
package struct VectorNumber: Hashable, Sendable, Codable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The value.
  package var value: Double

  private static let texts: [(text: String, value: Double)] = [
    ("NaN", .nan), ("Infinity", .infinity), ("-Infinity", -.infinity),
  ]

  /// A number.
  package init(_ value: Double) { self.value = value }

  /// A number.
  package init(floatLiteral value: Double) { self.value = value }

  /// A whole number.
  package init(integerLiteral value: Int) { self.value = Double(value) }

  /// Reads a number, or one of the three texts.
  package init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      guard let known = Self.texts.first(where: { $0.text == text }) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "\"\(text)\" is neither a number nor NaN, Infinity or -Infinity")
      }
      value = known.value
    } else {
      value = try container.decode(Double.self)
    }
  }

  /// Writes a number, or one of the three texts.
  package func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.singleValueContainer()
    if let text { try container.encode(text) } else { try container.encode(value) }
  }

  /// The text of a value that is no JSON number.
  var text: String? {
    if value.isNaN { return "NaN" }
    return Self.texts.first { $0.value == value }?.text
  }

  /// Equal values; NaN equals NaN, so that vectors can be compared.
  package static func == (left: VectorNumber, right: VectorNumber) -> Bool {
    left.value == right.value || (left.value.isNaN && right.value.isNaN)
  }

  /// Hashes the value.
  package func hash(into hasher: inout Hasher) { hasher.combine(value.isNaN ? .infinity : value) }
}

/// The request of the port protocol's `verify` as it stands in JSON, right or wrong.
package struct VectorRequest: Hashable, Sendable, Codable {
  /// A drafted token.
  package struct Node: Hashable, Sendable, Codable {
    /// The index of the node that this one continues; -1 for the root.
    package var parent: Int
    /// The token.
    package var token: Token
    /// The law that the token and its siblings were drawn from.
    package var draft: [VectorNumber]
  }

  /// "rsd-c", "rsd-s", "sd" or "specinfer".
  package var rule: String
  /// The tree: parents before their children, siblings in draw order.
  package var nodes: [Node]
  /// The target's law after the root, "-1", and after each node, by its index.
  package var target: [String: [VectorNumber]]
  /// The randomness, in the order used.
  package var uniforms: [VectorNumber]
  /// The token after which nothing is drawn.
  package var endToken: Token?

  /// The request, checked.
  ///
  /// - Throws: ``SpeculativeDecodingError`` with what is wrong with it.
  package func checked() throws(SpeculativeDecodingError) -> VerificationRequest {
    guard let rule = Rule.named(rule), rule.verifiesGivenTrees else {
      let known = Rule.allThatVerify.map(\.name).joined(separator: ", ")
      throw .invalidRequest("the rule \"\(rule)\" is none of \(known)")
    }
    var laws: [[Double]] = []
    for index in -1..<nodes.count {
      guard let law = target[String(index)] else {
        throw .invalidRequest("the target has no law after " + (index < 0 ? "the root (-1)" : "node \(index)"))
      }
      laws.append(law.map(\.value))
    }
    guard target.count == laws.count else {
      let known = Set((-1..<nodes.count).map(String.init))
      let unknown = target.keys.filter { !known.contains($0) }.sorted().first ?? ""
      throw .invalidRequest("the target has a law after \"\(unknown)\", which is no node")
    }
    return try VerificationRequest(
      rule: rule, nodes: nodes.map { .init(parent: $0.parent, token: $0.token, draft: $0.draft.map(\.value)) },
      target: laws, uniforms: uniforms.map(\.value), endToken: endToken)
  }
}
