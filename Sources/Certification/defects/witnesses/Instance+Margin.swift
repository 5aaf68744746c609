import Probability
import SpeculativeDecoding
import ToyModels

extension Instance {
  /// How far rounding is from deciding what the profile keeps: the least distance of any partial sum from top-p, and of any
  /// ratio to the largest probability from min-p, over every row of both models and every order of the profile's steps.
  ///
  /// In 0…1; infinite where the profile has neither.
  /// - Throws: what ``SamplingProfile/applied(to:)`` throws.
  package func profileMargin() throws(SpeculativeDecodingError) -> Double {
    guard profile.topP < 1 || profile.minP > 0 else { return .infinity }
    var margin = Double.infinity
    for document in [pair.target, pair.draft] {
      let rows: [[Token]: [Rational]]
      do { rows = try document.exactModel().rows } catch { throw .model("\(error)") }
      for order in Self.orders(of: profile.steps) {
        for row in rows.values {
          var law = row
          for step in order {
            margin = min(margin, Self.margin(of: step, profile, on: law))
            law = try profile.keeping(step).applied(to: law)
          }
        }
      }
    }
    return margin
  }

  private static func margin(of step: SamplingProfile.Step, _ profile: SamplingProfile, on law: [Rational]) -> Double {
    let total = law.reduce(.zero, +)
    switch step {
    case .topP:
      var sum = Rational.zero
      return law.sorted(by: >).reduce(.infinity) { least, probability in
        sum += probability
        return min(least, abs((sum / total).approximation - profile.topP))
      }
    case .minP:
      let largest = law.max() ?? .one
      return law.reduce(.infinity) { min($0, abs(($1 / largest).approximation - profile.minP)) }
    default: return .infinity
    }
  }

  /// Every order of some steps.
  private static func orders(of steps: [SamplingProfile.Step]) -> [[SamplingProfile.Step]] {
    guard steps.count > 1 else { return [steps] }
    return steps.flatMap { first in orders(of: steps.filter { $0 != first }).map { [first] + $0 } }
  }
}
