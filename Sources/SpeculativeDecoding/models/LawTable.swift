import Probability

/// One law a row: what a model writes and a round reads.
///
/// Shape [rows][vocabulary], flat. Grows, never shrinks: a round in the steady state allocates nothing.
public struct LawTable<Scalar: ProbabilityScalar>: Sendable {
  /// All rows, one after the other.
  public var values: [Scalar] = []
  /// Tokens a row.
  public let vocabularySize: Int

  /// An empty table over a vocabulary.
  public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }

  /// Where row `index` stands in ``values``.
  @inlinable @inline(always)
  public func row(_ index: Int) -> Range<Int> {
    index * vocabularySize..<(index + 1) * vocabularySize
  }

  /// Makes room for `rows` rows.
  @inlinable
  public mutating func reserve(rows: Int) {
    let missing = rows * vocabularySize - values.count
    if missing > 0 { values.append(contentsOf: repeatElement(.zero, count: missing)) }
  }

  /// Writes `vocabularySize` values of `source`, from `start` on, into row `index`.
  @inlinable
  public mutating func write(_ source: [Scalar], from start: Int = 0, toRow index: Int) {
    Laws.copy(vocabularySize, of: source, from: start, into: &values, at: index * vocabularySize)
  }

  /// Writes one value to all of row `index`.
  @inlinable
  public mutating func fill(row index: Int, with value: Scalar) {
    let row = row(index)
    var span = values.mutableSpan
    for position in row { span[position] = value }
  }

  /// A copy of row `index`.
  public func law(ofRow index: Int) -> [Scalar] { Array(values[row(index)]) }
}
