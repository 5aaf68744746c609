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
public struct DecoderSubject<Steps: RoundSteps, Source: Choices>: Subject
where Steps.Scalar == Double, Source.Scalar == Double {
  private let makeSteps: @Sendable (Philox4x64) -> Steps
  private let makeChoices: @Sendable (Philox4x64) -> Source

  /// A decoder with these steps over these choices, both made afresh for each decoding.
  ///
  /// - Parameter steps: given the decoding's stream 1, for steps that need noise of their own; `choices` has stream 0.
  public init(
    steps: @escaping @Sendable (Philox4x64) -> Steps, choices: @escaping @Sendable (Philox4x64) -> Source
  ) {
    makeSteps = steps
    makeChoices = choices
  }

  /// Decodes the case once for each replicate.
  ///
  /// - Throws: ``CertificationError/decoding(place:_:)`` where the case cannot be decoded.
  public func counts(
    of plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> CaseCounts {
    do {
      return try sample(plan, replicates: replicates, seed: seed)
    } catch {
      throw .decoding(place: "case \(plan.instance.id)", error)
    }
  }

  // A subject is called through `any Subject`, where nothing would be specialised: the production decoder is named here.
  @specialized(where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Philox4x64>)
  @specialized(where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Xoshiro256PlusPlus>)
  private func sample(
    _ plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(SpeculativeDecodingError) -> CaseCounts {
    try CaseSampler.counts(
      plan.decoder, prompt: plan.instance.pair.prompt, length: plan.instance.length, replicates: replicates,
      key: SIMD2(seed, plan.instance.streamWord), steps: makeSteps, choices: makeChoices)
  }
}

/// The production decoder over the production generator: what `rsd certify` certifies.
public typealias ProductionSubject = DecoderSubject<StandardSteps<Double>, RandomChoices<Double, Philox4x64>>

extension DecoderSubject where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Philox4x64> {
  /// The production decoder.
  public static var production: ProductionSubject {
    ProductionSubject(steps: { _ in StandardSteps() }, choices: { RandomChoices($0) })
  }
}
