import KernelOperands
import SpeculativeDecoding

extension TransformerModel {
  /// Tokens that pass through the layers together: enough to read the weights rarely, few enough to stay in cache.
  static let chunk = 64

  /// Evaluates the context's batch and takes its rows into the cache.
  ///
  /// - Parameter write: called with the places that tokens named for their logits, which are the first rows of
  ///   `activations.logits`, in order.
  /// - Throws: ``SpeculativeDecodingError/model(_:)`` where a state or a logit is not finite, and
  ///   ``SpeculativeDecodingError/interrupted`` where ``isInterrupted`` says so. The cache then holds what it held before.
  func forward(
    _ context: inout TransformerContext, write: (_ outputs: [Int], _ logits: borrowing Rows) -> Void
  ) throws(SpeculativeDecodingError) {
    let count = context.batch.count
    context.cache.reserve(context.batch.firstRow + count)
    for start in stride(from: 0, to: count, by: Self.chunk) {
      try forward(start..<min(start + Self.chunk, count), &context, write: write)
    }
    context.cache.extend(by: count)
  }

  /// Evaluates a part of the batch; what it sees is in the cache or in the part.
  private func forward(
    _ range: Range<Int>, _ context: inout TransformerContext,
    write: (_ outputs: [Int], _ logits: borrowing Rows) -> Void
  ) throws(SpeculativeDecodingError) {
    network.embed(range, of: context.batch, in: &context.activations, by: engine)
    try requireFinite(context.activations.hidden, range, of: context.batch, at: "the embedding")
    for layer in 0..<network.layerCount {
      // Once a layer, for a prompt takes minutes, and a layer milliseconds.
      if isInterrupted() { throw .interrupted }
      network.run(
        layer: layer, tokens: range, of: context.batch, in: &context.activations, cache: &context.cache, by: engine)
      try requireFinite(context.activations.hidden, range, of: context.batch, at: "layer \(layer)")
    }
    let wanted = range.filter { context.batch.outputs[$0] >= 0 }
    if wanted.isEmpty { return }
    for (row, token) in wanted.enumerated() { context.activations.hidden.move(token - range.lowerBound, to: row) }
    network.finish(rows: wanted.count, in: &context.activations, by: engine)
    if let row = engine.kernels.firstNonFinite(context.activations.logits, rows: wanted.count, on: engine.pool) {
      throw Self.notFinite(at: "the head", position: Int(context.batch.positions[wanted[row]]))
    }
    write(wanted.map { Int(context.batch.outputs[$0]) }, context.activations.logits)
  }

  private func requireFinite(
    _ states: borrowing Rows, _ range: Range<Int>, of batch: borrowing TokenBatch, at place: String
  ) throws(SpeculativeDecodingError) {
    guard let row = engine.kernels.firstNonFinite(states, rows: range.count) else { return }
    throw Self.notFinite(at: place, position: Int(batch.positions[range.lowerBound + row]))
  }

  private static func notFinite(at place: String, position: Int) -> SpeculativeDecodingError {
    .model(
      "\(place) gives a NaN or an infinity at position \(position) (layers and positions count from 0); the weights "
        + "are damaged or too large, so get the checkpoint anew")
  }
}
