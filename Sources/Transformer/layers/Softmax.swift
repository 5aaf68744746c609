import RealModule

/// From logits to a law: p = exp(x − max) / Σ exp(x − max); laws are the kernels' matter.
package enum Softmax {
  /// log Σ exp(x), in Double: what a logit's log-probability lacks.
  ///
  /// - Precondition: at least one logit; all finite.
  package static func logSumExp(_ logits: [Float]) -> Double {
    let largest = Double(logits.reduce(-Float.infinity, max))
    return largest + Double.log(logits.reduce(0) { $0 + Double.exp(Double($1) - largest) })
  }
}
