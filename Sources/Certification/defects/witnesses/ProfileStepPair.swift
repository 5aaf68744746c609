import Probability
import SpeculativeDecoding

/// Two steps of a sampling profile, whose order may matter.
///
/// Any order of the steps is told from the protocol's by a pair that it exchanges and whose order matters, on a profile that
/// takes these two steps alone: if every such pair has a witness, every order that changes a law is refused.
package struct ProfileStepPair: Hashable, Sendable {
  /// The step that comes first.
  package let first: SamplingProfile.Step
  /// The step that comes after it.
  package let second: SamplingProfile.Step

  /// Two steps, in their order.
  package init(_ one: SamplingProfile.Step, _ other: SamplingProfile.Step) {
    (first, second) = (min(one, other), max(one, other))
  }

  /// Every pair of steps.
  package static var all: [ProfileStepPair] {
    let steps = SamplingProfile.Step.allCases
    return steps.indices.flatMap { index in steps[(index + 1)...].map { ProfileStepPair(steps[index], $0) } }
  }

  /// All steps, the first of the pair behind the second.
  var steps: [SamplingProfile.Step] {
    SamplingProfile.Step.allCases.filter { $0 != first }.flatMap { $0 == second ? [$0, first] : [$0] }
  }

  /// "first-second", as profiles are named.
  var name: String { "\(first.rawValue)-\(second.rawValue)" }

  /// Profiles that take these two steps and no other.
  ///
  /// Values are such that few sums of small fractions come near them.
  package var profiles: [SamplingProfile] {
    func values(_ step: SamplingProfile.Step, _ values: [Double], off: Double) -> [Double] {
      step == first || step == second ? values : [off]
    }
    var profiles: [SamplingProfile] = []
    for temperature in values(.temperature, [0.5, 1.0 / 3], off: 1) {
      for topK in values(.topK, [1, 2], off: 0) {
        for topP in values(.topP, [0.53, 0.61, 0.71, 0.83, 0.93], off: 1) {
          for minP in values(.minP, [0.13, 0.23, 0.31, 0.43, 0.61], off: 0) {
            guard
              let profile = try? SamplingProfile(temperature: temperature, topK: Int(topK), topP: topP, minP: minP)
            else { continue }
            profiles.append(profile)
          }
        }
      }
    }
    return profiles
  }

  /// A law and a profile on which the order of the pair shows; `nil` where none of the laws searched shows it.
  ///
  /// All laws of three tokens with whole weights up to 6 under all ``profiles``, in fractions.
  /// - Throws: what ``SamplingProfile/applied(to:)`` throws.
  package func counterexample() throws(SpeculativeDecodingError) -> (law: [Rational], profile: SamplingProfile)? {
    for profile in profiles {
      let (one, other) = (profile.keeping(first), profile.keeping(second))
      for code in 1..<343 {
        let law = [Rational(code / 49, 1), Rational(code / 7 % 7, 1), Rational(code % 7, 1)]
        let inOrder = try other.applied(to: one.applied(to: law))
        let exchanged = try one.applied(to: other.applied(to: law))
        if inOrder != exchanged { return (law, profile) }
      }
    }
    return nil
  }
}
