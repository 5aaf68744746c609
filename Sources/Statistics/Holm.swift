/// Holm's step-down adjustment of many p-values (Scandinavian Journal of Statistics 6, 1979).
public enum Holm {
  /// The adjusted p-values, in the order of `pValues`.
  ///
  /// Of m p-values in ascending order the i-th becomes the largest of (m − j + 1)·p₍ⱼ₎ over j ≤ i, at most 1. Rejecting
  /// every adjusted p-value ≤ α rejects a true hypothesis with probability ≤ α, whatever the dependence. The order is
  /// kept: a smaller p-value is never adjusted to a larger one, and equal ones stay equal.
  /// - Throws: ``StatisticsError/argument(_:)`` for a p-value outside [0, 1].
  /// - Complexity: O(m log m).
  public static func adjusted(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
    for pValue in pValues where !(pValue >= 0 && pValue <= 1) {
      throw .argument("a p-value is 0 to 1, not \(pValue)")
    }
    var adjusted = pValues
    var largest = 0.0
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
