import Probability
import SpeculativeDecoding

/// The draft of a certificate: the bytes of a transformer, or all that prompt look-up is made from.
package enum DraftFingerprint: Hashable, Sendable {
  /// A transformer.
  case transformer(ModelFingerprint)
  /// Prompt look-up: its order and its discount.
  case promptLookup(order: Int, discount: Rational)

  /// The fingerprint of prompt look-up.
  package init(_ model: PromptLookup<Float>) {
    self = .promptLookup(order: model.order, discount: model.discount)
  }

  /// The name by which the draft was given.
  package var name: String {
    switch self {
    case .transformer(let fingerprint): fingerprint.name
    case .promptLookup: PromptLookup<Float>.name
    }
  }
}

extension DraftFingerprint: Codable {
  private enum CodingKeys: String, CodingKey { case name, order, discount }

  /// Reads `{"name": "prompt-lookup", "order": 3, "discount": "1/4"}` or a model's fingerprint.
  ///
  /// - Throws: `DecodingError` where it is neither.
  package init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.contains(.order) else {
      self = .transformer(try ModelFingerprint(from: decoder))
      return
    }
    guard try container.decode(String.self, forKey: .name) == PromptLookup<Float>.name else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: "a draft with an order is \"\(PromptLookup<Float>.name)\"")
    }
    guard let discount = Rational(try container.decode(String.self, forKey: .discount)) else {
      throw DecodingError.dataCorruptedError(
        forKey: .discount, in: container, debugDescription: "a discount is a fraction such as \"1/4\"")
    }
    self = .promptLookup(order: try container.decode(Int.self, forKey: .order), discount: discount)
  }

  /// Writes what ``init(from:)`` reads.
  ///
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Swift.Encoder) throws {
    switch self {
    case .transformer(let fingerprint): try fingerprint.encode(to: encoder)
    case .promptLookup(let order, let discount):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(order, forKey: .order)
      try container.encode(discount.description, forKey: .discount)
    }
  }
}
