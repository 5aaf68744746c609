import Probability
import RealModule
import SpeculativeDecoding

/// From logits to a law: p = exp(x − max) / Σ exp(x − max), summed in order, in Double.
public enum Softmax {
  /// Writes the law of row `row` of the logits into a row of laws.
  ///
  /// The largest logit is taken off first, so that no power overflows; the law sums to one up to Float's rounding.
  static func write(_ logits: borrowing Rows, row: Int, into laws: inout LawTable<Float>, row node: Int) {
    let input = logits.values.span.extracting(logits.row(row))
    let start = laws.row(node).lowerBound
    var output = laws.values.mutableSpan
    var largest = input[0]
    for token in 0..<input.count where input[token] > largest { largest = input[token] }
    var total = 0.0
    for token in 0..<input.count {
      let weight = Float.exp(input[token] - largest)
      output[start + token] = weight
      total += Double(weight)
    }
    let factor = Float(1 / total)
    for token in 0..<input.count { output[start + token] *= factor }
  }

  /// log Σ exp(x), in Double: what a logit's log-probability lacks.
  ///
  /// - Precondition: at least one logit; all finite.
  public static func logSumExp(_ logits: [Float]) -> Double {
    let largest = Double(logits.reduce(-Float.infinity, max))
    return largest + Double.log(logits.reduce(0) { $0 + Double.exp(Double($1) - largest) })
  }
}
