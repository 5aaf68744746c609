import SpeculativeDecoding

extension TransformerModel {
  /// The logits after a sequence of tokens, or after each of its tokens.
  ///
  /// - Parameters:
  ///   - tokens: at least one, at most ``contextLimit``.
  ///   - all: whether after each token; else after the last.
  /// - Returns: shape [position][vocabulary]; one position unless `all`.
  /// - Throws: what ``begin(_:in:)`` throws.
  public func logits(after tokens: [Token], all: Bool = false) throws(SpeculativeDecodingError) -> [[Float]] {
    var rows: [[Float]] = []
    try forEachPosition(of: tokens, all: all) { _, logits in rows.append(logits) }
    return rows
  }

  /// Calls `body` with the logits after each token, or after the last alone, in order; for texts whose logits would
  /// not fit into memory together.
  ///
  /// - Parameters:
  ///   - tokens: at least one, at most ``contextLimit``.
  ///   - all: whether after each token; else after the last.
  ///   - body: is given the position, from 0 on, and logits of shape [vocabulary].
  /// - Throws: what ``begin(_:in:)`` throws; `body` has then seen the positions before.
  public func forEachPosition(
    of tokens: [Token], all: Bool = true, _ body: (_ position: Int, _ logits: [Float]) -> Void
  ) throws(SpeculativeDecodingError) {
    var context = makeContext()
    try requirePrompt(tokens)
    context.batch.reset(firstRow: 0)
    for (position, token) in tokens.enumerated() {
      let isWanted = all || position == tokens.count - 1
      context.batch.append(Int32(token), position: position, output: isWanted ? position : -1)
    }
    try forward(&context) { positions, logits in
      for (row, position) in positions.enumerated() { body(position, Array(logits.values[logits.row(row)])) }
    }
  }
}
