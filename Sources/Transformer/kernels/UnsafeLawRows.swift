import Probability
import SpeculativeDecoding
import Synchronization

extension LawTable where Scalar == Float {
  /// The cost of shaping a law, for each token of the vocabulary, in multiply-adds.
  private static var shapingCost: Int { 16 }

  /// Changes rows where they stand, each on one thread.
  ///
  /// - Parameter rows: ascending; a row that stood here twice would be two threads'.
  /// - Throws: what `shape` throws, of the first such row; the others are shaped, too.
  mutating func shape(
    _ rows: [Int], by shape: @escaping LawShape<Float>, on pool: WorkPool
  ) throws(SpeculativeDecodingError) {
    guard let last = rows.last else { return }
    let width = vocabularySize
    precondition(
      rows[0] >= 0 && zip(rows, rows.dropFirst()).allSatisfy(<) && (last + 1) * width <= values.count,
      "ascending rows of the table")
    let failure = Mutex<(row: Int, error: SpeculativeDecodingError)?>(nil)
    values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let laws = values
      pool.split(rows.count, cost: rows.count * width * Self.shapingCost) { range in
        for row in rows[range] {
          var law = laws.extracting(row * width..<(row + 1) * width).mutableSpan
          do throws(SpeculativeDecodingError) {
            try shape(&law)
          } catch {
            failure.withLock { if $0.map({ row < $0.row }) ?? true { $0 = (row, error) } }
          }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }
}
