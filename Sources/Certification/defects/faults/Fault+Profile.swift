import Probability
import SpeculativeDecoding
import ToyModels

extension Fault {
  /// The steps of a profile in the order of this fault; `nil` where they are production's.
  ///
  /// Two steps that are exchanged: the earlier one is taken behind the later one.
  var profileSteps: [SamplingProfile.Step]? {
    let steps = SamplingProfile.Step.allCases
    switch self {
    case .temperatureTwice: return steps.flatMap { $0 == .temperature ? [$0, $0] : [$0] }
    case .topPIgnored: return steps.filter { $0 != .topP }
    case .minPIgnored: return steps.filter { $0 != .minP }
    default: return exchangedSteps?.steps
    }
  }

  /// The two steps of a profile that the fault takes in the wrong order.
  package var exchangedSteps: ProfileStepPair? {
    switch self {
    case .jointTopKTopP: ProfileStepPair(.topK, .topP)
    case .temperatureAfterTopP: ProfileStepPair(.temperature, .topP)
    case .temperatureAfterMinP: ProfileStepPair(.temperature, .minP)
    case .topPAfterMinP: ProfileStepPair(.topP, .minP)
    default: nil
    }
  }

  /// A model under a profile, as the fault applies it: each step by the production code.
  func shaped<Scalar: ProbabilityScalar>(
    _ model: MarkovModel<Scalar>, profile: SamplingProfile
  ) throws(SpeculativeDecodingError) -> MarkovModel<Scalar> {
    if let profileSteps { return try model.applying(profile, inOrder: profileSteps) }
    switch self {
    case .silentlyGreedy: return try model.applying(try SamplingProfile(temperature: 0))
    case .tiesToHighest where profile.temperature == 0:
      return try model.mappingLaws { law throws(SpeculativeDecodingError) in
        Array(try profile.applied(to: Array(law.reversed())).reversed())
      }
    case .topPExclusive where profile.topP < 1:
      return try model.applying(profile.keeping(.temperature)).applying(profile.keeping(.topK))
        .mappingLaws { law throws(SpeculativeDecodingError) in
          let kept = try profile.keeping(.topP).applied(to: law).count { $0 > .zero }
          return try SamplingProfile(topK: max(1, kept - 1)).applied(to: law)
        }.applying(profile.keeping(.minP))
    case .topKKeepsTies where profile.topK > 0:
      let tied = try model.applying(profile.keeping(.temperature)).mappingLaws { law throws(SpeculativeDecodingError) in
        let kept = zip(law, try profile.keeping(.topK).applied(to: law)).filter { $0.1 > .zero }.map(\.0)
        let least = kept.min() ?? .zero
        return try SamplingProfile(topK: law.count { $0 >= least }).applied(to: law)
      }
      return try tied.applying(profile.keeping(.topP)).applying(profile.keeping(.minP))
    default: return try model.applying(profile)
    }
  }
}

extension MarkovModel {
  /// The same model with every law shaped by the steps of a profile, one after the other.
  ///
  /// In the order of ``SamplingProfile/Step`` it is the model under the profile.
  /// - Throws: what ``SamplingProfile/applied(to:)`` throws.
  package func applying(
    _ profile: SamplingProfile, inOrder steps: [SamplingProfile.Step]
  ) throws(SpeculativeDecodingError) -> MarkovModel {
    var model = self
    for step in steps { model = try model.applying(profile.keeping(step)) }
    return model
  }
}
