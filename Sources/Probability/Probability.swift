/// Finite laws, exact rationals, counter-based generators and the ways to draw from a law.
///
/// Everything above this module is generic over ``ProbabilityScalar``: `Float` and `Double` sample,
/// ``Rational`` proves. The module is pure Swift, links no GSL, and is distributed under Apache-2.0.
///
/// - Laws: ``FiniteLaw`` (validated, normalised) and ``Laws`` (the kernels on spans that the decoder runs).
/// - Scalars: ``ProbabilityScalar``, ``Rational``.
/// - Generators: ``Philox4x64``, ``Xoshiro256PlusPlus``, ``SplitMix64``, and ``UniformBits``.
public enum ProbabilityModule {}
