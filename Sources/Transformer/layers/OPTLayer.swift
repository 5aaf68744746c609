import KernelOperands
/// One layer of an OPT: attention, then feed-forward, each added to the state; the norm stands before or after.
///
/// Before (pre-norm) for all sizes but the 350M, which norms the sum (post-norm).
/// - Source: Zhang et al. 2022 (arXiv 2205.01068).
struct OPTLayer: Sendable {
  let normsFirst: Bool
  let attentionNorm: LayerNorm
  let attention: Attention
  let feedForwardNorm: LayerNorm
  let feedForward: ReLUFeedForward

  /// Moves the states of `range` through the layer.
  func forward(
    _ activations: inout Activations, tokens range: Range<Int>, of batch: borrowing TokenBatch, layer: Int,
    cache: inout KeyValueCache, by engine: Engine
  ) {
    let rows = range.count
    // hidden, normed, change: [row][hidden]
    prepare(&activations, rows: rows, by: attentionNorm)
    attention.forward(
      activations.normed, tokens: range, of: batch, layer: layer, cache: &cache,
      activations: &activations.attention, into: &activations.change, by: engine)
    add(&activations, rows: rows, by: attentionNorm, engine)

    prepare(&activations, rows: rows, by: feedForwardNorm)
    feedForward.forward(
      activations.normed, rows: rows, activations: &activations.feedForward, into: &activations.change, by: engine)
    add(&activations, rows: rows, by: feedForwardNorm, engine)
  }

  /// Prepares the input of a sublayer: the normed state, or the state.
  private func prepare(_ activations: inout Activations, rows: Int, by norm: LayerNorm) {
    if normsFirst {
      norm.forward(activations.hidden, rows: rows, into: &activations.normed)
    } else {
      activations.normed.copy(activations.hidden, rows: rows)
    }
  }

  /// Adds what a sublayer wrote, and norms the sum where that was not done before.
  private func add(_ activations: inout Activations, rows: Int, by norm: LayerNorm, _ engine: Engine) {
    engine.kernels.add(activations.change, to: &activations.hidden, rows: rows)
    if normsFirst { return }
    activations.normed.copy(activations.hidden, rows: rows)
    norm.forward(activations.normed, rows: rows, into: &activations.hidden)
  }
}
