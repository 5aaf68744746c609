import Probability
import SpeculativeDecoding

/// The tokens of positive probability of a law, ascending, with their probabilities: a few numbers under a top-k, whatever
/// the vocabulary.
struct SparseLaw<Scalar: ProbabilityScalar>: Hashable, Sendable {
  var tokens: [Int32] = []
  var values: [Scalar] = []

  /// The support of a row.
  @inline(__always)
  init(_ laws: borrowing LawTable<Scalar>, row: Int) {
    let range = laws.row(row)
    let span = laws.values.span
    for position in range where span[position] != .zero {
      tokens.append(Int32(position - range.lowerBound))
      values.append(span[position])
    }
  }

  /// A law by its support.
  init(tokens: [Int32], values: [Scalar]) { (self.tokens, self.values) = (tokens, values) }

  /// Writes the law into a row.
  @inline(__always)
  func write(into laws: inout LawTable<Scalar>, row: Int) {
    laws.fill(row: row, with: .zero)
    let start = laws.row(row).lowerBound
    for (token, value) in zip(tokens, values) { laws.values[start + Int(token)] = value }
  }
}
