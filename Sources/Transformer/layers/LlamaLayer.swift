import KernelOperands
/// One layer of a Llama: attention, then feed-forward, each behind a norm and added to the state.
struct LlamaLayer: Sendable {
  let attentionNorm: RMSNorm
  let attention: Attention
  let feedForwardNorm: RMSNorm
  let feedForward: SwiGLU

  /// Moves the states of `range` through the layer.
  func forward(
    _ activations: inout Activations, tokens range: Range<Int>, of batch: borrowing TokenBatch, layer: Int,
    cache: inout KeyValueCache, by engine: Engine
  ) {
    let rows = range.count
    // hidden, normed, change: [row][hidden]
    attentionNorm.forward(activations.hidden, rows: rows, into: &activations.normed, by: engine)
    attention.forward(
      activations.normed, tokens: range, of: batch, layer: layer, cache: &cache,
      activations: &activations.attention, into: &activations.change, by: engine)
    engine.kernels.add(activations.change, to: &activations.hidden, rows: rows)

    feedForwardNorm.forward(activations.hidden, rows: rows, into: &activations.normed, by: engine)
    feedForward.forward(
      activations.normed, rows: rows, activations: &activations.feedForward, into: &activations.change, by: engine)
    engine.kernels.add(activations.change, to: &activations.hidden, rows: rows)
  }
}
