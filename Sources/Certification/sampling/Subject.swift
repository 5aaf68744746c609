import Probability
import SpeculativeDecoding
import ToyModels

/// A decoder under test: decodes a case from its prompt, many times, and counts what came out.
public protocol Subject: Sendable {
  /// Decodes the case once for each replicate.
  ///
  /// A replicate's tokens depend on (seed, case, replicate) and nothing else.
  /// - Parameter replicates: the numbers of the decodings.
  /// - Throws: ``CertificationError`` where the case cannot be decoded.
  func counts(
    of plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> CaseCounts
}

/// The production decoder, or one with other steps or choices.
public struct DecoderSubject: Subject {
  @usableFromInline let sample: @Sendable (CasePlan, Range<Int>, UInt64) throws(SpeculativeDecodingError) -> CaseCounts

  /// A decoder with these steps over these choices, both made afresh for each decoding.
  ///
  /// A subject is called through `any Subject`, where nothing would be specialised: the loop is specialised here, by whoever
  /// names the types.
  /// - Parameter steps: given the decoding's stream 1, for steps that need noise of their own; `choices` has stream 0.
  @inlinable
  public init<Steps: RoundSteps & SendableMetatype, Source: Choices & SendableMetatype>(
    steps makeSteps: @escaping @Sendable (Philox4x64) -> Steps,
    choices makeChoices: @escaping @Sendable (Philox4x64) -> Source
  ) where Steps.Scalar == Double, Source.Scalar == Double {
    sample = { plan, replicates, seed throws(SpeculativeDecodingError) in
      try CaseSampler.counts(
        plan.decoder, prompt: plan.instance.pair.prompt, length: plan.instance.length, replicates: replicates,
        key: SIMD2(seed, plan.instance.streamWord), steps: makeSteps, choices: makeChoices)
    }
  }

  /// Decodes the case once for each replicate.
  ///
  /// - Throws: ``CertificationError/decoding(place:_:)`` where the case cannot be decoded.
  public func counts(
    of plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> CaseCounts {
    do {
      return try sample(plan, replicates, seed)
    } catch {
      throw .decoding(place: "case \(plan.instance.id)", error)
    }
  }

  /// The production decoder over the production generator: what `rsd certify` certifies.
  public static let production = DecoderSubject(
    steps: { _ in StandardSteps<Double>() }, choices: { RandomChoices<Double, Philox4x64>($0) })
}
