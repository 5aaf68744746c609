import KernelOperands
import SpeculativeDecoding

extension Kernels {
  /// Writes the law of row `row` of the logits, over a temperature above 0, into row `node` of the laws.
  ///
  /// The largest logit is taken away first: what is left of the likely ones is small, and loses least in the division.
  func softmax(
    _ logits: borrowing Rows, row: Int, into laws: inout LawTable<Float>, row node: Int, temperature: Double
  ) {
    if temperature == 1 { return softmax(logits, row: row, into: &laws, row: node) }
    let range = logits.row(row)
    let start = laws.row(node).lowerBound
    precondition(logits.values.count >= range.upperBound && laws.row(node).count == range.count, "a law of the logits")
    logits.values.withUnsafeBufferPointer { logits in
      laws.values.withUnsafeMutableBufferPointer { laws in
        guard let logits = logits.baseAddress, let laws = laws.baseAddress else { return }
        let (from, to) = (logits + range.lowerBound, laws + start)
        let largest = Self.largest(from, range.count)
        let factor = Float(1 / temperature)
        for index in 0..<range.count { to[index] = (from[index] - largest) * factor }
        softmax(to, to, range.count)
      }
    }
  }

  private static func largest(_ x: Input, _ count: Int) -> Float {
    // Eight at once: one would wait for each comparison in turn.
    var (largest, index) = (SIMD8<Float>(repeating: -.infinity), 0)
    while index + 8 <= count {
      let next = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<Float>.self)
      largest.replace(with: next, where: next .> largest)
      index += 8
    }
    var result = largest.max()
    while index < count {
      result = max(result, x[index])
      index += 1
    }
    return result
  }
}
