/// A Llama: embedding, layers, a last norm, the head.
/// - Source: Touvron et al. 2023 (arXiv 2302.13971, 2307.09288); tensor names as Hugging Face's `LlamaForCausalLM`.
struct Llama: Network {
  let embedding: Embedding
  let layers: [LlamaLayer]
  let norm: RMSNorm
  let head: Head

  var layerCount: Int { layers.count }

  var matrices: [PackedMatrix] {
    layers.flatMap { layer in
      [layer.attention.queryKeyValue, layer.attention.output, layer.feedForward.gateUp, layer.feedForward.down]
        .map(\.matrix)
    } + [head.projection.matrix]
  }

  func embed(
    _ range: Range<Int>, of batch: borrowing TokenBatch, in activations: inout Activations, by engine: Engine
  ) {
    activations.reserve(range.count)
    let rotary = layers.first?.attention.rotary
    for (row, token) in range.enumerated() {
      embedding.write(Int(batch.tokens[token]), into: &activations.hidden, row: row)
      rotary?.prepare(
        Int(batch.positions[token]), row: row, cosines: &activations.attention.cosines,
        sines: &activations.attention.sines)
    }
  }

  func run(
    layer: Int, tokens range: Range<Int>, of batch: borrowing TokenBatch, in activations: inout Activations,
    cache: inout KeyValueCache, by engine: Engine
  ) {
    layers[layer].forward(&activations, tokens: range, of: batch, layer: layer, cache: &cache, by: engine)
  }

  func finish(rows: Int, in activations: inout Activations, by engine: Engine) {
    norm.forward(activations.hidden, rows: rows, into: &activations.final, by: engine)
    head.forward(activations.final, rows: rows, into: &activations.logits, by: engine)
  }
}
