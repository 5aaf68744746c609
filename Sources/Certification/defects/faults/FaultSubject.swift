import Probability
import SpeculativeDecoding
import ToyModels

/// A control under test: the production decoder with one fault.
package struct FaultSubject: Subject {
  /// The fault.
  package let fault: Fault

  /// The production decoder with a fault.
  package init(_ fault: Fault) { self.fault = fault }

  /// The production decoder with a fault.
  package static func control(_ fault: Fault) -> FaultSubject { FaultSubject(fault) }

  /// Decodes the case once for each replicate.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be decoded.
  package func counts(
    of plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> CaseCounts {
    let instance = plan.instance
    let place = "case \(instance.id)"
    let models: (target: MarkovModel<Double>, draft: MarkovModel<Double>)
    do {
      models = (try instance.pair.target.model(), try instance.pair.draft.model())
    } catch {
      throw .model(place: place, error)
    }
    do {
      let decoder = try fault.decoder(
        target: models.target, draft: models.draft, profile: instance.profile, method: instance.method,
        endToken: instance.endToken)
      let key = SIMD2(fault == .seedIgnored ? 0 : seed, instance.streamWord)
      let fault = fault
      return try CaseSampler.counts(
        decoder, prompt: instance.pair.prompt, length: instance.length, replicates: replicates, key: key,
        steps: { _ in FaultySteps<Double>(fault) },
        choices: { generator in FaultyChoices(RandomChoices(generator, scalar: Double.self), fault: fault) })
    } catch {
      throw .decoding(place: place, error)
    }
  }
}

/// A decoder whose models may have a fault.
package typealias FaultyDecoder<Scalar: ProbabilityScalar> = Decoder<
  FaultyModel<MarkovModel<Scalar>>, FaultyModel<MarkovModel<Scalar>>
>

extension Fault {
  /// The decoder of a case with this fault in its set-up and its models.
  ///
  /// - Throws: ``SpeculativeDecodingError`` where the models, profile and method make no decoder.
  package func decoder<Scalar: ProbabilityScalar>(
    target: MarkovModel<Scalar>, draft: MarkovModel<Scalar>, profile: SamplingProfile, method: DecodingMethod,
    endToken: Token?
  ) throws(SpeculativeDecodingError) -> FaultyDecoder<Scalar> {
    try Decoder(
      target: FaultyModel(
        try shaped(target, profile: self == .targetProfileMissing ? .plain : profile),
        fault: actsOnDraft ? .none : self),
      draft: FaultyModel(
        try shaped(draft, profile: profile), fault: actsOnDraft ? self : .none),
      method: method, endToken: self == .endTokenIgnored ? nil : endToken)
  }

  /// Whether the fault is one of the draft's contexts, and leaves the target's alone.
  private var actsOnDraft: Bool {
    switch self {
    case .draftPositionShifted, .rejectedStaysInDraft, .draftNotRolledBack: true
    default: false
    }
  }

  /// Whether one round depends on more of the rounds before it than their tokens.
  package var couplesRounds: Bool {
    switch self {
    case .noiseReusedEveryRound, .rejectedStaysInContext, .contextReset, .greedyFirstToken, .rejectedStaysInDraft,
      .draftNotRolledBack:
      true
    default: false
    }
  }
}
