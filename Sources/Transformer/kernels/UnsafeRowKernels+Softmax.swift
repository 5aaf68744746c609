import KernelOperands
import SpeculativeDecoding

extension Kernels {
  /// Writes the laws of the logits' first rows, over a temperature above 0, into the laws of `nodes`, one to one.
  ///
  /// At a temperature the largest logit is taken away first: what is left of the likely ones is small, and loses least in
  /// the division.
  package func softmax(
    _ logits: borrowing Rows, nodes: [Int], into laws: inout LawTable<Float>, temperature: Double = 1,
    on pool: WorkPool = .alone
  ) {
    let width = logits.width
    laws.reserve(rows: (nodes.max() ?? -1) + 1)
    precondition(
      logits.values.count >= nodes.count * width && laws.vocabularySize == width && nodes.allSatisfy { $0 >= 0 },
      "a row of logits for each law")
    logits.values.withUnsafeBufferPointer { logits in
      laws.values.withUnsafeMutableBufferPointer { laws in
        guard let logits = logits.baseAddress, let laws = laws.baseAddress else { return }
        nonisolated(unsafe) let (logitRows, lawRows) = (logits, laws)
        pool.split(nodes.count, cost: nodes.count * width * Self.exponentialCost) { rows in
          for row in rows { softmax(logitRows + row * width, lawRows + nodes[row] * width, width, temperature) }
        }
      }
    }
  }

  private func softmax(_ logits: Input, _ law: UnsafeMutablePointer<Float>, _ count: Int, _ temperature: Double) {
    if temperature == 1 { return softmax(logits, law, count) }
    let largest = Self.largest(logits, count)
    // Within the normal floats: 0 · ∞ and ∞ · 0 would be no numbers. Near 0 the law is then that of the most probable
    // tokens in equal parts, far from it that of all tokens, as the limits have it.
    let factor = min(max(Float(1 / temperature), .leastNormalMagnitude), .greatestFiniteMagnitude)
    for index in 0..<count { law[index] = (logits[index] - largest) * factor }
    softmax(law, law, count)
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
