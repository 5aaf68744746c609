/// A model of a certificate, and the bytes that it was read from.
public struct ModelFingerprint: Hashable, Sendable, Codable {
  /// The name by which it was given: a folder's, or an embedded model's.
  public var name: String
  /// SHA-256 of its configuration and its weights, one after the other, in lower-case hexadecimal.
  public var sha256: String

  /// A name and a fingerprint.
  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}
