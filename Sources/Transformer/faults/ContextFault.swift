/// One way in which a transformer's context is wrong: a control's hook, which production leaves at ``none``.
///
/// Every fault acts where the forward pass is planned (``TokenBatch``) or where a path is kept; the layers are those of
/// production.
package enum ContextFault: String, Hashable, Sendable, CaseIterable {
  /// Nothing is wrong.
  case none
  /// The rejected tokens of a round stay in the cache, and the text goes on behind them.
  case rejectedStaysInCache = "rejected-stays-in-cache"
  /// A sibling sees the siblings drawn before it.
  case siblingsSeen = "siblings-seen"
  /// A node's position is its place in the batch instead of its depth, so that siblings stand at different positions.
  case siblingPositionsShifted = "sibling-positions-shifted"
  /// Every node of the tree stands one position too far back.
  case positionsOneTooHigh = "positions-one-too-high"
}
