/// An architecture: from tokens to states, through its layers, to logits.
protocol Network: Sendable {
  /// Layers, each of which writes keys and values.
  var layerCount: Int { get }

  /// The matrices that a forward pass multiplies by, each once; the head is the last.
  var matrices: [PackedMatrix] { get }

  /// Writes the states of the batch's tokens `range` into `activations.hidden`, shape [row][hidden].
  func embed(_ range: Range<Int>, of batch: borrowing TokenBatch, in activations: inout Activations, by engine: Engine)

  /// Moves the states of `range` through a layer.
  func run(
    layer: Int, tokens range: Range<Int>, of batch: borrowing TokenBatch, in activations: inout Activations,
    cache: inout KeyValueCache, by engine: Engine)

  /// Writes the logits of the first `rows` states of `activations.hidden`, shape [row][vocabulary].
  func finish(rows: Int, in activations: inout Activations, by engine: Engine)
}
