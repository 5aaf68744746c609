import Certification
import Foundation

/// An address that a certificate brings with it, where it is one that a page may link to.
struct OutsideLink: Hashable, Sendable {
  /// The address.
  let address: String
  /// The longest address that is made into a link.
  static let limit = 2048

  /// The link; `nil` unless the text is an address of http or https with a host, in printable ASCII, and without a user
  /// or password, behind which another host can hide.
  init?(_ text: String) {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && !"<>\"'`\\^{|}".contains($0) }
    guard isPlain, text.utf8.count <= Self.limit, let parts = URLComponents(string: text),
      ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false, parts.user == nil,
      parts.password == nil
    else { return nil }
    address = text
  }
}

extension String {
  fileprivate func contains(_ scalar: Unicode.Scalar) -> Bool { unicodeScalars.contains(scalar) }
}

/// Where a defect was found, as a page shows it.
struct ShownSource: Hashable, Sendable {
  /// A name for people.
  var sourceName: String
  /// The address; `nil` where there is none that can be linked to.
  var sourceLink: String?

  /// A source as a certificate states it: an address or a name.
  init(_ text: String) {
    let link = OutsideLink(text)
    sourceLink = link?.address
    sourceName = OutsideText.label(Self.names[text] ?? Self.withoutScheme(text, isLink: link != nil), room: 80)
  }

  private static let names = Dictionary(
    Defect.all.flatMap(\.sources).compactMap { source in source.link.map { ($0, source.name) } },
    uniquingKeysWith: { first, _ in first })

  private static func withoutScheme(_ text: String, isLink: Bool) -> String {
    guard isLink, let range = text.range(of: "://") else { return text }
    return String(text[range.upperBound...])
  }
}
