import Probability
import SpeculativeDecoding

/// A source of choices with one fault in its randomness; the base answers.
///
/// A uniform that is used again keeps what is known of it: over ``EnumeratedChoices`` the fault gets its exact law.
package struct FaultyChoices<Base: Choices>: Choices {
  /// A uniform, what it was drawn for, and where it is remembered.
  package struct Uniform {
    var base: Base.Uniform
    let purpose: UniformPurpose
    let memory: Int
  }

  /// The source that answers.
  package var base: Base
  /// The fault.
  package let fault: Fault
  /// The uniforms that may be used again: the last of a kind, or all of the first round.
  private var remembered: [Base.Uniform] = []
  private var position = 0
  private var isFirstRound = true
  private var startsRound = true

  /// A source with a fault; with ``Fault/none``, or a fault of another kind, it is the base.
  package init(_ base: Base, fault: Fault) {
    self.base = base
    self.fault = fault
  }

  /// The base's next uniform, or an old one where that is the fault.
  package mutating func uniform(for purpose: UniformPurpose) -> Uniform {
    switch fault {
    case .acceptanceUniformReused: return reusable(purpose, kept: .acceptance, usedFor: .residual)
    case .draftUniformReused: return reusable(purpose, kept: .draft, usedFor: .acceptance)
    case .oneAcceptanceUniform:
      if purpose == .draft || purpose == .beam { remembered.removeAll() }
      guard purpose == .acceptance else { return fresh(purpose) }
      if remembered.isEmpty { remembered.append(base.uniform(for: purpose)) }
      return Uniform(base: remembered[0], purpose: purpose, memory: 0)
    case .noiseReusedEveryRound: return replayedNoise(purpose)
    default: return fresh(purpose)
    }
  }

  private mutating func fresh(_ purpose: UniformPurpose) -> Uniform {
    Uniform(base: base.uniform(for: purpose), purpose: purpose, memory: -1)
  }

  private mutating func reusable(
    _ purpose: UniformPurpose, kept: UniformPurpose, usedFor reused: UniformPurpose
  ) -> Uniform {
    if purpose == reused, let last = remembered.first { return Uniform(base: last, purpose: purpose, memory: 0) }
    let uniform = base.uniform(for: purpose)
    guard purpose == kept else { return Uniform(base: uniform, purpose: purpose, memory: -1) }
    remembered = [uniform]
    return Uniform(base: uniform, purpose: purpose, memory: 0)
  }

  /// The k-th uniform of the first round again; fresh ones beyond its end.
  private mutating func replayedNoise(_ purpose: UniformPurpose) -> Uniform {
    if startsRound { position = 0 }
    startsRound = false
    defer {
      position += 1
      // A round ends with its last token.
      if purpose == .residual || purpose == .bonus {
        isFirstRound = false
        startsRound = true
      }
    }
    if isFirstRound { remembered.append(base.uniform(for: purpose)) }
    guard position < remembered.count else { return fresh(purpose) }
    return Uniform(base: remembered[position], purpose: purpose, memory: position)
  }

  /// The base's answer.
  package mutating func isBelow(
    _ uniform: inout Uniform, _ numerator: Base.Scalar, over denominator: Base.Scalar
  ) -> Bool {
    let answer = base.isBelow(&uniform.base, numerator, over: denominator)
    if uniform.memory >= 0 { remembered[uniform.memory] = uniform.base }
    return answer
  }

  /// The base's answer, or the draft's most probable or unmapped token where that is the fault.
  package mutating func index(
    _ uniform: inout Uniform, in weights: Span<Base.Scalar>, total: Base.Scalar
  ) -> Int {
    if fault == .draftsMostProbable, uniform.purpose == .draft {
      var best = 0
      for token in 1..<max(weights.count, 1) where weights[token] > weights[best] { best = token }
      return best
    }
    let answer = base.index(&uniform.base, in: weights, total: total)
    if uniform.memory >= 0 { remembered[uniform.memory] = uniform.base }
    if fault == .draftNotMapped, uniform.purpose == .draft { return (answer + 1) % weights.count }
    return answer
  }
}

extension FaultyChoices: Sendable where Base: Sendable, Base.Uniform: Sendable {}
extension FaultyChoices.Uniform: Sendable where Base.Uniform: Sendable {}

extension FaultyChoices: BranchingChoices where Base: BranchingChoices {
  /// The base's weight.
  package var weight: Rational { base.weight }
  /// The base's branches.
  package var branches: Int { base.branches }
  /// The base's choices.
  package var choices: Int { base.choices }

  /// Moves the base to its next path, and forgets old uniforms.
  package mutating func advance() -> Bool {
    remembered.removeAll(keepingCapacity: true)
    (position, isFirstRound, startsRound) = (0, true, true)
    return base.advance()
  }
}
