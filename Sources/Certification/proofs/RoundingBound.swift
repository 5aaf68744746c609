import SpeculativeDecoding

/// The bound on the effect of rounding on the law of a round, whatever the models.
///
/// The proof is in `docs/rounding.md`; the names here are those of the proof. It replaces the computed steps of a round
/// by ideal ones, one at a time: each ideal step turns the law that is still to be met into exactly that law, so that
/// only the rounding of the step itself counts. Products of probabilities must not underflow.
package enum RoundingBound {
  /// The bound on the total variation of one round's law, completed by the target to draft length + 1 tokens.
  ///
  /// Infinite where u times the additions of a sum reaches 10⁻³, as in `Float` beyond some 60,000 outcomes: there the
  /// proof's terms of second order are no longer small.
  /// - Parameters:
  ///   - vocabulary: tokens in the vocabulary.
  ///   - unitRoundoff: u of the scalar that laws are stored in.
  ///   - uniformBits: the bits of a uniform, or `nil` for ideal uniforms.
  package static func totalVariation(
    of method: DecodingMethod, vocabulary: Int, unitRoundoff u: Double, uniformBits: Int? = nil
  ) -> Double {
    let levels = method.shape.childrenPerLevel
    let isBeam = method.rule.drafting == .stochasticBeam
    let width = isBeam ? levels.max() ?? 1 : 1
    // The longest sum runs over the waiting children of a whole beam.
    let outcomes = Double(vocabulary * width)
    let additions = (outcomes / 4).rounded(.down) + 4
    guard additions * u < 1e-3 else { return .infinity }
    let sum = additions * u / (1 - additions * u) + 2 * u
    let quantum = uniformBits.map { Double(sign: .plus, exponent: -$0, significand: 1) + (outcomes + 3) * 0x1p-53 } ?? 0

    let drawn = (isBeam ? 2 : 1) * (2 * sum + 2 * u + 2 * (outcomes + 1) * quantum)
    let accepted = 2 * sum + 2 * u + quantum
    let residual = 2 * sum + 6 * u
    let draw = sum + Double(vocabulary) * quantum
    let node: (Int) -> Double = { count in
      let tests = Double(count)
      if method.rule.verification == .sequentialSelection {
        let subtracted = 2 * (sum + tests * ((Double(vocabulary) + 6) * u + sum) + 4 * u)
        return 2 * tests * (drawn + accepted) + 2 * subtracted
      }
      return tests * (drawn + 3 * accepted + 2 * residual)
    }
    // A tenth more than the first-order terms covers those of second order while u times the additions is below 10⁻³.
    return 1.1 * (levels.reduce(0) { $0 + node($1) } + Double(levels.count + 1) * draw)
  }
}
