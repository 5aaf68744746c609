import Checkpoints
import KernelOperands
/// An OPT: embeddings of tokens and positions, layers, in most sizes a last norm, the head.
///
/// Where the embedding is shorter than the state (350M), one projection leads in and one out.
/// - Source: Zhang et al. 2022 (arXiv 2205.01068); tensor names as Hugging Face's `OPTForCausalLM`.
struct OPT: Network {
  let tokens: Embedding
  let positions: Embedding
  /// [hidden][embedding]; nil where they are of one length.
  let projectionIn: Linear?
  let layers: [OPTLayer]
  let norm: LayerNorm?
  /// [embedding][hidden].
  let projectionOut: Linear?
  let head: Head

  var layerCount: Int { layers.count }

  var matrices: [PackedMatrix] {
    let inner = layers.flatMap { layer in
      [layer.attention.queryKeyValue, layer.attention.output, layer.feedForward.up, layer.feedForward.down]
    }
    return (inner + [projectionIn, projectionOut].compactMap { $0 } + [head.projection]).map(\.matrix)
  }

  func embed(
    _ range: Range<Int>, of batch: borrowing TokenBatch, in activations: inout Activations, by engine: Engine
  ) {
    activations.reserve(range.count)
    activations.change.reserve(range.count)
    for (row, token) in range.enumerated() {
      tokens.write(Int(batch.tokens[token]), into: &activations.embedded, row: row)
      let position = Int(batch.positions[token]) + OPTConfiguration.positionOffset
      positions.write(position, into: &activations.change, row: row)
    }
    if let projectionIn {
      projectionIn.forward(activations.embedded, rows: range.count, into: &activations.hidden, by: engine)
    } else {
      activations.hidden.copy(activations.embedded, rows: range.count)
    }
    engine.kernels.add(activations.change, to: &activations.hidden, rows: range.count)
  }

  func run(
    layer: Int, tokens range: Range<Int>, of batch: borrowing TokenBatch, in activations: inout Activations,
    cache: inout KeyValueCache, by engine: Engine
  ) {
    layers[layer].forward(&activations, tokens: range, of: batch, layer: layer, cache: &cache, by: engine)
  }

  func finish(rows: Int, in activations: inout Activations, by engine: Engine) {
    if let norm {
      norm.forward(activations.hidden, rows: rows, into: &activations.normed)
    } else {
      activations.normed.copy(activations.hidden, rows: rows)
    }
    if let projectionOut {
      projectionOut.forward(activations.normed, rows: rows, into: &activations.final, by: engine)
    } else {
      activations.final.copy(activations.normed, rows: rows)
    }
    head.forward(activations.final, rows: rows, into: &activations.logits, by: engine)
  }
}
