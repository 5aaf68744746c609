import Checkpoints

/// Turns a token, or a position, into a vector: row `index` of a table.
///
/// The table stays in the mapped file: a row is widened when it is used, and the pages of tokens that do not occur are
/// never loaded.
struct Embedding: Sendable {
  /// Shape [index][size].
  let table: Tensor

  /// Length of a vector.
  var size: Int { table.shape[1] }

  /// Writes row `index` as vector `row` of `output`, which is as wide.
  func write(_ index: Int, into output: inout Rows, row: Int) {
    table.read(index * size..<(index + 1) * size, into: &output.values, at: row * size)
  }
}
