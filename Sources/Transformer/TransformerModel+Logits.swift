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
    var context = makeContext()
    try requirePrompt(tokens)
    context.batch.reset(firstRow: 0)
    for (position, token) in tokens.enumerated() {
      let isWanted = all || position == tokens.count - 1
      context.batch.append(Int32(token), position: position, output: isWanted ? position : -1)
    }
    var rows: [[Float]] = []
    try forward(&context) { _, row, logits in rows.append(Array(logits.values[logits.row(row)])) }
    return rows
  }
}
