import Probability
import SpeculativeDecoding

/// A source of choices with one fault in its randomness; the base answers.
///
/// A uniform that is used again keeps what is known of it: over ``EnumeratedChoices`` the fault gets its exact law.
public struct FaultyChoices<Base: Choices>: Choices {
  /// The source that answers.
  public var base: Base
  /// What is wrong.
  public let fault: Fault
  private var lastAcceptance: Base.Uniform?

  /// A source with a fault; with ``Fault/none``, or one of the steps, it is the base.
  public init(_ base: Base, fault: Fault) {
    self.base = base
    self.fault = fault
  }

  /// The base's next uniform, or an old one where that is the fault.
  public mutating func uniform(for purpose: UniformPurpose) -> Base.Uniform {
    if fault == .acceptanceUniformReused, purpose == .residual, let lastAcceptance { return lastAcceptance }
    return base.uniform(for: purpose)
  }

  /// The base's answer.
  public mutating func isBelow(
    _ uniform: inout Base.Uniform, _ numerator: Base.Scalar, over denominator: Base.Scalar
  ) -> Bool {
    let answer = base.isBelow(&uniform, numerator, over: denominator)
    if fault == .acceptanceUniformReused { lastAcceptance = uniform }
    return answer
  }

  /// The base's answer.
  public mutating func index(
    _ uniform: inout Base.Uniform, in weights: Span<Base.Scalar>, total: Base.Scalar
  ) -> Int {
    base.index(&uniform, in: weights, total: total)
  }
}

extension FaultyChoices: Sendable where Base: Sendable, Base.Uniform: Sendable {}

extension FaultyChoices: BranchingChoices where Base: BranchingChoices {
  /// The base's weight.
  public var weight: Rational { base.weight }
  /// The base's branches.
  public var branches: Int { base.branches }
  /// The base's choices.
  public var choices: Int { base.choices }

  /// Moves the base to its next path, and forgets old uniforms.
  public mutating func advance() -> Bool {
    lastAcceptance = nil
    return base.advance()
  }
}
