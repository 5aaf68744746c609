import Certification
import Checkpoints

extension ModelFingerprint {
  /// The fingerprint of a checkpoint.
  ///
  /// - Complexity: reads all weights once.
  package init(_ checkpoint: Checkpoint, name: String, precision: WeightPrecision = .stored) {
    var header = SHA256()
    header.update(checkpoint.gguf?.header ?? checkpoint.configurationFile)
    var weights = SHA256()
    checkpoint.forEachWeightsFile { weights.update($0) }
    self.init(
      name: name, format: checkpoint.gguf == nil ? nil : "gguf",
      precision: precision == .stored ? nil : precision.rawValue, configuration: header.finish(),
      weights: weights.finish())
  }
}
