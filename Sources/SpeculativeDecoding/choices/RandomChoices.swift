import Probability

/// Choices at random: each uniform is a multiple of 2⁻⁵³ from the generator's next word.
///
/// Uniforms are doubles whatever the laws are stored in, so that a rare token of a `Float` law keeps its
/// probability.
public struct RandomChoices<Scalar: ProbabilityScalar, Generator: RandomNumberGenerator>: Choices {
  /// The source of words; move a ``Philox4x64`` to another replicate through it.
  public var generator: Generator

  /// Choices from a generator.
  @inlinable
  public init(_ generator: Generator, scalar: Scalar.Type = Scalar.self) { self.generator = generator }

  /// The next uniform of the stream.
  @inlinable @inline(always)
  public mutating func uniform(for purpose: UniformPurpose) -> Double {
    UniformBits.unit53(generator.next())
  }

  /// Whether `uniform · denominator < numerator`.
  @inlinable @inline(always)
  public mutating func isBelow(
    _ uniform: inout Double, _ numerator: Scalar, over denominator: Scalar
  ) -> Bool {
    Scalar.isProduct(of: uniform, and: denominator, below: numerator)
  }

  /// The first index whose cumulative weight exceeds `uniform · total`.
  @inlinable @inline(always)
  public mutating func index(_ uniform: inout Double, in weights: Span<Scalar>, total: Scalar) -> Int {
    Scalar.index(of: uniform, in: weights, total: total)
  }

  /// The same index, by the sums of blocks.
  @inlinable @inline(always)
  public mutating func index(
    _ uniform: inout Double, in weights: Span<Scalar>, sums: borrowing BlockSums<Scalar>, total: Scalar
  ) -> Int {
    Scalar.index(of: uniform, in: weights, sums: sums, total: total)
  }
}

extension RandomChoices: Sendable where Generator: Sendable {}
