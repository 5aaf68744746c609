/// A batch of vectors, shape [row][width], flat.
///
/// Grows, never shrinks: a round in the steady state allocates nothing. Rows beyond those in use hold what was there.
package struct Rows: Sendable {
  /// Length of a vector.
  package let width: Int
  /// All vectors, one after the other.
  package var values: [Float] = []

  package init(width: Int) { self.width = width }

  /// Where vector `index` stands in ``values``.
  func row(_ index: Int) -> Range<Int> { index * width..<(index + 1) * width }

  /// Makes room for `rows` vectors.
  mutating func reserve(_ rows: Int) {
    let missing = rows * width - values.count
    if missing > 0 { values.append(contentsOf: repeatElement(0, count: missing)) }
  }

  /// Copies `rows` vectors of another batch, one to one.
  mutating func copy(_ other: borrowing Rows, rows: Int) {
    reserve(rows)
    let count = rows * width
    let other = other.values.span.extracting(0..<count)
    var values = values.mutableSpan
    for index in 0..<count { values[index] = other[index] }
  }

  /// Moves vector `source` to `target`.
  mutating func move(_ source: Int, to target: Int) {
    if source == target { return }
    for index in 0..<width { values[target * width + index] = values[source * width + index] }
  }
}
