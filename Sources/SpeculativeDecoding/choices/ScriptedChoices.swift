import Probability

/// Choices from a list of uniforms: directed vectors, boundaries, replays of another implementation.
public struct ScriptedChoices<Scalar: ProbabilityScalar>: Choices, Sendable {
  /// The uniforms, in [0, 1), in the order in which they are used.
  public let uniforms: [Double]
  /// How many were asked for; more than there are means that the script was too short.
  public private(set) var used = 0

  /// Choices that read these uniforms.
  public init(_ uniforms: [Double], scalar: Scalar.Type = Scalar.self) { self.uniforms = uniforms }

  /// Whether more uniforms were asked for than the script holds: its outcome then means nothing.
  public var isExhausted: Bool { used > uniforms.count }

  /// The next uniform of the list; 0 once it is exhausted.
  public mutating func uniform(for purpose: UniformPurpose) -> Double {
    defer { used += 1 }
    return used < uniforms.count ? uniforms[used] : 0
  }

  /// Whether `uniform · denominator < numerator`.
  public mutating func isBelow(
    _ uniform: inout Double, _ numerator: Scalar, over denominator: Scalar
  ) -> Bool {
    Scalar.isProduct(of: uniform, and: denominator, below: numerator)
  }

  /// The first index whose cumulative weight exceeds `uniform · total`.
  public mutating func index(_ uniform: inout Double, in weights: Span<Scalar>, total: Scalar) -> Int {
    Scalar.index(of: uniform, in: weights, total: total)
  }
}
