import Foundation

/// A server's API key, from the environment alone: it is sent, and never printed or written.
package struct ServerKey: Sendable {
  /// The variable that it came from.
  package let variable: String
  private let secret: String
  /// The key as servers write it: `+/` is also `%2B%2f` in a URL and `+\/` or `\u002b\u002F` in JSON.
  private let pattern: String

  /// The variables, in the order in which they are asked.
  package static let variables = ["RSD_API_KEY", "OPENAI_API_KEY"]
  /// The text in the place of a key that a server sends back.
  static let replacement = "[API key]"

  /// The key of an environment: of the first variable that is there; `nil` where that is empty, or where none is.
  ///
  /// - Throws: ``ServerFailure`` for a key that no header can carry, without showing it.
  package static func find(in environment: [String: String]) throws(ServerFailure) -> ServerKey? {
    for variable in variables {
      guard let value = environment[variable] else { continue }
      let secret = value.trimmingCharacters(in: .whitespacesAndNewlines)
      if secret.isEmpty { return nil }
      guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw ServerFailure(.settings, "\(variable) holds what is no key: a key is printable ASCII without spaces")
      }
      return ServerKey(variable: variable, secret: secret)
    }
    return nil
  }

  private init(variable: String, secret: String) {
    (self.variable, self.secret) = (variable, secret)
    pattern = secret.utf8.map { byte in
      let character = NSRegularExpression.escapedPattern(for: String(UnicodeScalar(byte)))
      let code = String(byte, radix: 16)
      return "(?:\\\\?\(character)|%(?i:\(code))|\\\\u00(?i:\(code)))"
    }
    .joined()
  }

  /// The value of the header `Authorization`.
  var authorization: String { "Bearer \(secret)" }

  /// A text of a server without the key that it may have sent back: as it is, or escaped as in a URL or in JSON.
  func redacted(_ text: String) -> String {
    text.replacingOccurrences(of: pattern, with: Self.replacement, options: .regularExpression)
  }

  /// Refuses to send the key where others can read it.
  ///
  /// - Throws: ``ServerFailure`` for an http URL of another machine.
  package func requirePrivate(_ address: ServerAddress) throws(ServerFailure) {
    if address.isPrivate { return }
    throw ServerFailure(
      .settings,
      "\(address.text): the key in \(variable) would cross the network unencrypted; use https, or send none by "
        + "RSD_API_KEY=")
  }
}

extension ServerKey: CustomStringConvertible, CustomReflectable {
  /// The variable's name, for logs and dumps too.
  package var description: String { "the key in \(variable)" }
  /// Nothing: a mirror would show the secret.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
