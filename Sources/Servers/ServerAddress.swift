import Certification
import Foundation

/// Where a server answers: the part of its URL before `/v1`.
package struct ServerAddress: Hashable, Sendable {
  /// The address as requests and certificates use it, such as "http://127.0.0.1:8080".
  package let text: String
  private let host: String
  private let isEncrypted: Bool

  /// Reads an address; `/v1` and slashes at its end are left out.
  ///
  /// - Parameter option: what gave it, for the message.
  /// - Throws: ``ServerFailure`` for what is no http or https URL, and for one that holds a secret: a user, a password, a
  ///   query.
  package init(_ given: String, option: String) throws(ServerFailure) {
    func refuse(_ reason: String) -> ServerFailure { ServerFailure(.settings, "\(option): \(reason)") }
    guard var parts = URLComponents(string: given), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
    else {
      throw refuse("\(OutsideText.shown(given)) is no URL of a server; give one such as http://127.0.0.1:8080")
    }
    guard parts.user == nil, parts.password == nil else {
      throw refuse("a URL with a user or a password would be written down; give a key by RSD_API_KEY")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw refuse("leave out what follows ? or # in the URL; a key is given by RSD_API_KEY")
    }
    var path = parts.path
    while path.hasSuffix("/") { path.removeLast() }
    if path.hasSuffix("/v1") { path.removeLast(3) }
    while path.hasSuffix("/") { path.removeLast() }
    parts.path = path
    parts.scheme = scheme
    guard let text = parts.string, URL(string: text + "/v1/models") != nil else {
      throw refuse("\(OutsideText.shown(given)) is no URL of a server; give one such as http://127.0.0.1:8080")
    }
    self.text = text
    self.host = host.lowercased()
    isEncrypted = scheme == "https"
  }

  /// Whether what is sent there can be read on no network: it is encrypted, or stays on this machine.
  package var isPrivate: Bool { isEncrypted || isLoopback }

  private var isLoopback: Bool {
    let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
    let bytes = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return bytes.count == 4 && bytes[0] == 127 && !bytes.contains(nil)
  }

  func url(_ path: String) throws(ServerFailure) -> URL {
    guard let url = URL(string: text + path) else { throw ServerFailure(.settings, "\(text)\(path) is no URL") }
    return url
  }
}
