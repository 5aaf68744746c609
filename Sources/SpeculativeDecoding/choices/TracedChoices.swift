import Probability

/// Choices that write down every question and its answer, in order; the base answers.
public struct TracedChoices<Base: Choices>: Choices where Base.Uniform: Sendable {
  /// One question about a uniform.
  public struct Entry: Sendable {
    /// The purpose that the uniform was drawn for.
    public var purpose: UniformPurpose
    /// The uniform as it was known before the question.
    public var uniform: Base.Uniform
    /// The question and its answer.
    public var answer: Answer
  }

  /// A question and its answer.
  public enum Answer: Sendable {
    /// Whether u · denominator < numerator.
    case below(numerator: Base.Scalar, denominator: Base.Scalar, isBelow: Bool)
    /// Which index of these weights.
    case index(weights: [Base.Scalar], total: Base.Scalar, index: Int)
  }

  /// A uniform with its purpose.
  public struct Uniform: Sendable {
    var base: Base.Uniform
    let purpose: UniformPurpose
  }

  /// The source that answers.
  public var base: Base
  /// Everything asked so far.
  public private(set) var entries: [Entry] = []

  /// Traces a source.
  public init(_ base: Base) { self.base = base }

  /// The base's next uniform.
  public mutating func uniform(for purpose: UniformPurpose) -> Uniform {
    Uniform(base: base.uniform(for: purpose), purpose: purpose)
  }

  /// The base's answer, written down.
  public mutating func isBelow(
    _ uniform: inout Uniform, _ numerator: Base.Scalar, over denominator: Base.Scalar
  ) -> Bool {
    let before = uniform.base
    let isBelow = base.isBelow(&uniform.base, numerator, over: denominator)
    let answer = Answer.below(numerator: numerator, denominator: denominator, isBelow: isBelow)
    entries.append(Entry(purpose: uniform.purpose, uniform: before, answer: answer))
    return isBelow
  }

  /// The base's answer, written down.
  public mutating func index(_ uniform: inout Uniform, in weights: Span<Base.Scalar>, total: Base.Scalar)
    -> Int
  {
    let before = uniform.base
    let index = base.index(&uniform.base, in: weights, total: total)
    let copy = (0..<weights.count).map { weights[$0] }
    entries.append(
      Entry(
        purpose: uniform.purpose, uniform: before, answer: .index(weights: copy, total: total, index: index)))
    return index
  }
}

extension TracedChoices: BranchingChoices where Base: BranchingChoices {
  /// The base's weight.
  public var weight: Rational { base.weight }
  /// The base's branches.
  public var branches: Int { base.branches }
  /// The base's choices.
  public var choices: Int { base.choices }

  /// Moves the base to its next path, and forgets what was written down.
  public mutating func advance() -> Bool {
    entries.removeAll(keepingCapacity: true)
    return base.advance()
  }
}
