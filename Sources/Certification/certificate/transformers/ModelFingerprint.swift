/// A model of a certificate, and the bytes that it was read from.
package struct ModelFingerprint: Hashable, Sendable, Codable {
  /// The name by which it was given: a folder's, a GGUF file's, or an embedded model's.
  package var name: String
  /// "gguf" for a GGUF file; absent for a folder.
  package var format: String?
  /// To what the weights were rounded when they were loaded; absent where they are as stored.
  package var precision: String?
  /// How products were added to sums, where not deterministically: "fast".
  package var arithmetic: String?
  /// How far from the deterministic logits those are; there with `arithmetic`.
  package var difference: ArithmeticDifference?
  /// SHA-256 of `config.json`, or of a GGUF file's header, in lower-case hexadecimal.
  package var configuration: String
  /// SHA-256 of the weights, in lower-case hexadecimal: of `model.safetensors`, of all files in the order of their names,
  /// or of the GGUF file, header and all.
  package var weights: String

  /// A fingerprint of these texts and hashes.
  package init(
    name: String, format: String?, precision: String?, arithmetic: String? = nil,
    difference: ArithmeticDifference? = nil,
    configuration: String, weights: String
  ) {
    (self.name, self.format, self.precision) = (name, format, precision)
    (self.arithmetic, self.difference) = (arithmetic, difference)
    (self.configuration, self.weights) = (configuration, weights)
  }
}
