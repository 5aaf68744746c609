import Probability

/// The purpose that a uniform is drawn for.
public enum UniformPurpose: String, Hashable, Sendable, CaseIterable {
  /// The next token of the draft tree.
  case draft
  /// Which event of the race comes next (RSD-S).
  case beam
  /// Whether a drafted token is accepted.
  case acceptance
  /// The token after a rejection.
  case residual
  /// The token after a wholly accepted path, or of an autoregressive step.
  case bonus
}

/// Where a decoder's choices come from: a generator, every branch, or a list.
///
/// A source answers two questions about a *named* uniform: is it below a fraction, and which index of a law
/// does it fall into. A uniform may be asked more than once; later answers agree with earlier ones, so that a
/// decoder that reuses its randomness gets the law that it deserves.
///
/// - ``RandomChoices`` samples: a uniform is a number in [0, 1).
/// - ``EnumeratedChoices`` proves: a uniform is a rational interval that each answer splits.
/// - ``ScriptedChoices`` directs: a uniform is read from a list.
public protocol Choices<Scalar> {
  /// The numbers that laws are made of.
  associatedtype Scalar: ProbabilityScalar
  /// A uniform on [0, 1): what is known of it.
  associatedtype Uniform

  /// A fresh uniform, independent of all others.
  mutating func uniform(for purpose: UniformPurpose) -> Uniform

  /// Whether `uniform · denominator < numerator`.
  ///
  /// Never true for a numerator of 0, even at u = 0. The denominator is positive.
  mutating func isBelow(_ uniform: inout Uniform, _ numerator: Scalar, over denominator: Scalar) -> Bool

  /// The first index whose cumulative weight exceeds `uniform · total`; never one of weight 0.
  ///
  /// - Parameter total: the sum of the weights; positive.
  mutating func index(_ uniform: inout Uniform, in weights: Span<Scalar>, total: Scalar) -> Int

  /// The same question, with the sums of all weights' blocks, by which a source may find the answer faster.
  mutating func index(
    _ uniform: inout Uniform, in weights: Span<Scalar>, sums: borrowing BlockSums<Scalar>, total: Scalar
  ) -> Int
}

extension Choices {
  /// The question without the sums.
  @inlinable @inline(always)
  public mutating func index(
    _ uniform: inout Uniform, in weights: Span<Scalar>, sums: borrowing BlockSums<Scalar>, total: Scalar
  ) -> Int {
    index(&uniform, in: weights, total: total)
  }

  /// An index drawn with a fresh uniform.
  @inlinable @inline(always)
  public mutating func index(
    for purpose: UniformPurpose, in weights: Span<Scalar>, total: Scalar
  ) -> Int {
    var uniform = uniform(for: purpose)
    return index(&uniform, in: weights, total: total)
  }

  /// An index drawn with a fresh uniform, by the sums of the weights' blocks.
  @inlinable @inline(always)
  public mutating func index(
    for purpose: UniformPurpose, in weights: Span<Scalar>, sums: borrowing BlockSums<Scalar>, total: Scalar
  ) -> Int {
    var uniform = uniform(for: purpose)
    return index(&uniform, in: weights, sums: sums, total: total)
  }
}
