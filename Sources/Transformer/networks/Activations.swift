import Checkpoints

/// The memory of a forward pass; a context has one and uses it for all its passes.
struct Activations: Sendable {
  /// The state that flows from layer to layer: [row][hidden].
  var hidden: Rows
  /// The input of a sublayer: [row][hidden].
  var normed: Rows
  /// The output of a sublayer: [row][hidden].
  var change: Rows
  var attention: AttentionActivations
  var feedForward: FeedForwardActivations
  /// An embedding as the table has it: [row][embedding]; differs from the state where projections join the two.
  var embedded: Rows
  /// The input of the head, of the rows that are asked for: [output][embedding].
  var final: Rows
  /// [output][vocabulary].
  var logits: Rows

  init(_ configuration: ModelConfiguration) {
    switch configuration {
    case .llama(let llama):
      hidden = Rows(width: llama.hiddenSize)
      embedded = Rows(width: llama.hiddenSize)
      attention = AttentionActivations(
        headCount: llama.headCount, keyValueHeadCount: llama.keyValueHeadCount, headSize: llama.headSize)
      feedForward = FeedForwardActivations(intermediateSize: llama.intermediateSize, hasGate: true)
      logits = Rows(width: llama.vocabularySize)
    case .opt(let opt):
      hidden = Rows(width: opt.hiddenSize)
      embedded = Rows(width: opt.embeddingSize)
      attention = AttentionActivations(
        headCount: opt.headCount, keyValueHeadCount: opt.headCount, headSize: opt.hiddenSize / opt.headCount)
      feedForward = FeedForwardActivations(intermediateSize: opt.intermediateSize, hasGate: false)
      logits = Rows(width: opt.vocabularySize)
    }
    (normed, change, final) = (hidden, hidden, embedded)
  }

  /// Makes room for `rows` tokens.
  mutating func reserve(_ rows: Int) {
    hidden.reserve(rows)
    embedded.reserve(rows)
    attention.cosines.reserve(rows)
    attention.sines.reserve(rows)
  }
}
