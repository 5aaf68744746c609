import Transformer

/// A model of a certificate, and the bytes that it was read from.
public struct ModelFingerprint: Hashable, Sendable, Codable {
  /// The name by which it was given: a folder's, or an embedded model's.
  public var name: String
  /// SHA-256 of `config.json`, in lower-case hexadecimal.
  public var configuration: String
  /// SHA-256 of the weights, in lower-case hexadecimal: of `model.safetensors`, or of all files in the order of their names.
  public var weights: String

  /// The fingerprint of a checkpoint.
  ///
  /// - Complexity: reads all weights once.
  public init(_ checkpoint: Checkpoint, name: String) {
    self.name = name
    var hash = SHA256()
    hash.update(checkpoint.configurationFile)
    configuration = hash.finish()
    hash = SHA256()
    checkpoint.forEachWeightsFile { hash.update($0) }
    weights = hash.finish()
  }
}
