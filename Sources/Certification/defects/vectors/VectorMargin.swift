import Probability
import SpeculativeDecoding

/// How far the uniforms of a round keep from where its outcome changes.
package enum VectorMargin {
  /// The margin that vectors keep which do not test a boundary.
  package static let least = Rational(1, 1_000_000)

  /// The least relative distance of u·p and q, and of u and a cumulative probability, over a whole round, exactly.
  ///
  /// - Throws: ``SpeculativeDecodingError`` where the round cannot be run.
  package static func relative(of request: VerificationRequest) throws(SpeculativeDecodingError) -> Rational {
    var choices = TracedChoices(ScriptedChoices<Rational>(request.uniforms))
    var steps = StandardSteps<Rational>()
    _ = try request.run(steps: &steps, using: &choices)
    var least = Rational.one
    for entry in choices.entries {
      let uniform = Rational(exactly: entry.uniform) ?? .zero
      switch entry.answer {
      case .below(let numerator, let denominator, _):
        least = min(least, distance(uniform * denominator, numerator))
      case .index(let weights, let total, _):
        var cumulative = Rational.zero
        for weight in weights {
          cumulative += weight
          least = min(least, distance(uniform * total, cumulative))
        }
      }
    }
    return least
  }

  private static func distance(_ left: Rational, _ right: Rational) -> Rational {
    let larger = max(left, right)
    return larger == .zero ? .zero : (larger - min(left, right)) / larger
  }
}
