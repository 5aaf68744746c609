/// A linear layer, or several that read the same state: `y = W x + b`.
struct Linear: Sendable {
  /// Shape [output][input], and the bias, in panels.
  let matrix: PackedMatrix

  /// - Parameters:
  ///   - x: shape [row][input].
  ///   - y: shape [row][output].
  func forward(_ x: borrowing Rows, rows: Int, into y: inout Rows, by engine: Engine) {
    matrix.multiply(x, rows: rows, into: &y, by: engine)
  }
}
