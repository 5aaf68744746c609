/// Turns states into logits, one a token of the vocabulary.
struct Head: Sendable {
  /// [vocabulary][size]; the embedding's weights where the two are tied.
  let projection: Linear

  /// - Parameters:
  ///   - x: shape [row][size].
  ///   - logits: shape [row][vocabulary].
  func forward(_ x: borrowing Rows, rows: Int, into logits: inout Rows, by engine: Engine) {
    projection.forward(x, rows: rows, into: &logits, by: engine)
  }
}
