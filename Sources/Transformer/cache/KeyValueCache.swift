/// The keys and values of the tokens that a model has seen, for each layer.
///
///     keys, values   [layer][row][key-value head][headSize]
///
/// The first ``committed`` rows are the sequence, row = position. The rows of a round's tree follow, in the order of
/// evaluation; which of them a token sees is the batch's matter (``TokenBatch``). Keeping a path moves its rows
/// behind the sequence; forgetting the rest is a smaller count. A value type: a copy is a fork of the sequence.
struct KeyValueCache: Sendable {
  /// Numbers a row: key-value heads · headSize.
  let width: Int
  /// [layer][row][width].
  var keys: [[Float]]
  /// [layer][row][width].
  var values: [[Float]]
  /// Rows that are the sequence's.
  private(set) var committed = 0
  /// Rows in use; those from ``committed`` on are the tree's.
  private(set) var count = 0

  init(layerCount: Int, width: Int) {
    self.width = width
    keys = Array(repeating: [], count: layerCount)
    values = keys
  }

  /// Makes room for `rows` rows; grows by half at least, so that decoding moves memory a few times only.
  mutating func reserve(_ rows: Int) {
    guard let layer = keys.first, layer.count < rows * width else { return }
    let missing = max(rows, layer.count / width * 3 / 2, 64) * width - layer.count
    for layer in keys.indices {
      keys[layer].append(contentsOf: repeatElement(0, count: missing))
      values[layer].append(contentsOf: repeatElement(0, count: missing))
    }
  }

  /// Takes `rows` rows that a batch has written into use.
  mutating func extend(by rows: Int) { count += rows }

  /// Makes the first `rows` rows the sequence; those behind are the tree's.
  mutating func commitSequence(_ rows: Int) {
    precondition(rows <= count, "rows that were not evaluated cannot be kept")
    committed = rows
  }

  /// Makes the first `rows` rows the sequence and forgets all others.
  mutating func commit(_ rows: Int) {
    precondition(rows <= count, "rows that were not evaluated cannot be kept")
    (committed, count) = (rows, rows)
  }

  /// Moves a tree row to the end of the sequence; rows are kept in ascending order.
  mutating func keep(row: Int) {
    precondition(row >= committed && row < count, "only a row of the tree can be kept")
    if row != committed {
      for layer in keys.indices {
        Self.move(width, of: &keys[layer], from: row * width, to: committed * width)
        Self.move(width, of: &values[layer], from: row * width, to: committed * width)
      }
    }
    committed += 1
  }

  /// Writes a row of one layer.
  mutating func write(layer: Int, row: Int, keys newKeys: Span<Float>, values newValues: Span<Float>) {
    Self.write(newKeys, to: &keys[layer], at: row * width)
    Self.write(newValues, to: &values[layer], at: row * width)
  }

  // A span is known to be nobody else's once, where an array of arrays is asked at every number.

  private static func write(_ source: Span<Float>, to numbers: inout [Float], at start: Int) {
    var numbers = numbers.mutableSpan
    for index in source.indices { numbers[start + index] = source[index] }
  }

  private static func move(_ count: Int, of numbers: inout [Float], from source: Int, to target: Int) {
    var numbers = numbers.mutableSpan
    for index in 0..<count { numbers[target + index] = numbers[source + index] }
  }
}
