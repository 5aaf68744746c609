import Foundation
import Testing

/// SmolLM2-135M-Instruct, where `make model` put it.
package enum SmolLM2 {
  package static let file = CheckpointFolder.fixtures.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Models/SmolLM2-135M-Instruct.Q4_1.gguf").path

  package static let isThere = FileManager.default.fileExists(atPath: file)
}

extension Trait where Self == ConditionTrait {
  /// Skips a test, and says why, where the model has not been fetched; `.ci/run` fetches it.
  package static var needsSmolLM2: Self {
    .enabled(if: SmolLM2.isThere, "Models/SmolLM2-135M-Instruct.Q4_1.gguf is not there; `make model` fetches it")
  }
}
