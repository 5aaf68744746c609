import Checkpoints

internal import CEmbeddedModels

extension EmbeddedModel {
  /// The model's checkpoint; its tensors stay where the program has them.
  ///
  /// - Throws: ``CheckpointError``, as ``Checkpoint/open(_:)`` does, where the program was built over damaged files.
  public func checkpoint() throws(CheckpointError) -> Checkpoint {
    let (configuration, weights) =
      switch self {
      case .kingJamesTarget: (king_james_target_configuration(), king_james_target_weights())
      case .kingJamesDraft: (king_james_draft_configuration(), king_james_draft_weights())
      }
    return try Checkpoint.open(
      configuration: UnsafeRawBufferPointer(start: configuration.bytes, count: Int(configuration.count)),
      weights: UnsafeRawBufferPointer(start: weights.bytes, count: Int(weights.count)), place: name)
  }
}
