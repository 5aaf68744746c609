import KernelOperands
/// Llama's feed-forward layer: `down(silu(gate(x)) · up(x))` with silu(g) = g / (1 + exp(-g)).
/// - Source: Shazeer 2020 (arXiv 2002.05202).
struct SwiGLU: Sendable {
  /// Gate, then up: [2 · intermediate][hidden].
  let gateUp: Linear
  /// [hidden][intermediate].
  let down: Linear

  /// - Parameters:
  ///   - x: shape [row][hidden], normed.
  ///   - y: shape [row][hidden].
  func forward(
    _ x: borrowing Rows, rows: Int, activations: inout FeedForwardActivations, into y: inout Rows, by engine: Engine
  ) {
    // [row][gate | up]
    gateUp.forward(x, rows: rows, into: &activations.outer, by: engine)
    // [row][intermediate]
    engine.kernels.gate(activations.outer, into: &activations.inner, rows: rows, on: engine.pool)
    down.forward(activations.inner, rows: rows, into: &y, by: engine)
  }
}

/// The memory of a feed-forward layer, shared by all layers of a model.
struct FeedForwardActivations: Sendable {
  /// The output of the first product: [row][2 · intermediate] with a gate, else [row][intermediate].
  var outer: Rows
  /// The input of the second: [row][intermediate].
  var inner: Rows

  init(intermediateSize: Int, hasGate: Bool) {
    outer = Rows(width: (hasGate ? 2 : 1) * intermediateSize)
    inner = Rows(width: intermediateSize)
  }
}
