import KernelOperands
/// Attention over the cache: the sequence so far, and in a tree the ancestors alone.
///
/// One product gives queries, keys and values; the keys and values of the batch go into the cache, then every token
/// looks at the rows on its list (``TokenBatch``), in the order of positions. With fewer key-value heads than query
/// heads, neighbouring query heads share one (grouped queries).
/// - Source: Vaswani et al. 2017 (arXiv 1706.03762); grouped queries Ainslie et al. 2023 (arXiv 2305.13245); tree
///   attention SpecInfer (arXiv 2305.09781), section 4.
struct Attention: Sendable {
  let headCount: Int
  let keyValueHeadCount: Int
  let headSize: Int
  /// Queries, keys and values, one below the other: [(heads + 2 · key-value heads) · headSize][hidden].
  let queryKeyValue: Linear
  /// [hidden][heads · headSize].
  let output: Linear
  /// Nil where positions are learned.
  let rotary: RotaryEmbedding?

  /// - Parameters:
  ///   - x: shape [row][hidden], normed.
  ///   - range: the batch's tokens that the rows are.
  ///   - y: shape [row][hidden].
  func forward(
    _ x: borrowing Rows, tokens range: Range<Int>, of batch: borrowing TokenBatch, layer: Int,
    cache: inout KeyValueCache, activations: inout AttentionActivations, into y: inout Rows, by engine: Engine
  ) {
    // [row][queries | keys | values]
    queryKeyValue.forward(x, rows: range.count, into: &activations.queryKeyValue, by: engine)
    let querySize = headCount * headSize
    let keySize = keyValueHeadCount * headSize
    for (row, token) in range.enumerated() {
      if rotary != nil {
        engine.kernels.turn(
          &activations.queryKeyValue, row: row, start: 0, heads: headCount + keyValueHeadCount,
          cosines: activations.cosines, sines: activations.sines)
      }
      let start = activations.queryKeyValue.row(row).lowerBound + querySize
      let numbers = activations.queryKeyValue.values.span
      cache.write(
        layer: layer, row: batch.firstRow + token, keys: numbers.extracting(start..<start + keySize),
        values: numbers.extracting(start + keySize..<start + 2 * keySize))
    }
    // [row][head][headSize]
    attend(tokens: range, of: batch, layer: layer, cache: cache, activations: &activations, by: engine)
    output.forward(activations.mixed, rows: range.count, into: &y, by: engine)
  }
}

/// The memory of an attention layer, shared by all layers of a model.
struct AttentionActivations: Sendable {
  /// [row][(heads + 2 · key-value heads) · headSize].
  var queryKeyValue: Rows
  /// [row][heads · headSize].
  var mixed: Rows
  /// [row][headSize / 2].
  var cosines: Rows
  /// [row][headSize / 2].
  var sines: Rows

  init(headCount: Int, keyValueHeadCount: Int, headSize: Int) {
    queryKeyValue = Rows(width: (headCount + 2 * keyValueHeadCount) * headSize)
    mixed = Rows(width: headCount * headSize)
    cosines = Rows(width: headSize / 2)
    sines = Rows(width: headSize / 2)
  }
}
