import Checkpoints

/// A model of a certificate, and the bytes that it was read from.
public struct ModelFingerprint: Hashable, Sendable, Codable {
  /// The name by which it was given: a folder's, a GGUF file's, or an embedded model's.
  public var name: String
  /// "gguf" for a GGUF file; absent for a folder.
  public var format: String?
  /// To what the weights were rounded when they were loaded; absent where they are as stored.
  public var precision: String?
  /// How products were added to sums, where not deterministically: "fast".
  public var arithmetic: String?
  /// How far from the deterministic logits those are; there with `arithmetic`.
  public var difference: ArithmeticDifference?
  /// SHA-256 of `config.json`, or of a GGUF file's header, in lower-case hexadecimal.
  public var configuration: String
  /// SHA-256 of the weights, in lower-case hexadecimal: of `model.safetensors`, of all files in the order of their names,
  /// or of the GGUF file, header and all.
  public var weights: String

  /// The fingerprint of a checkpoint.
  ///
  /// - Complexity: reads all weights once.
  public init(_ checkpoint: Checkpoint, name: String, precision: WeightPrecision = .stored) {
    self.name = name
    format = checkpoint.gguf == nil ? nil : "gguf"
    self.precision = precision == .stored ? nil : precision.rawValue
    var hash = SHA256()
    hash.update(checkpoint.gguf?.header ?? checkpoint.configurationFile)
    configuration = hash.finish()
    hash = SHA256()
    checkpoint.forEachWeightsFile { hash.update($0) }
    weights = hash.finish()
  }
}
