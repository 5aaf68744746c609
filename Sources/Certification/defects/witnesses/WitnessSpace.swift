import SpeculativeDecoding

/// Where the search for a fault's witness looks: methods, vocabulary, orders, profile, end token.
struct WitnessSpace: Sendable {
  var observable = Observable.output
  var methods: [DecodingMethod] = [.speculative(depth: 1)]
  var vocabularies = [2, 3]
  var orders = [0, 1]
  /// Profiles to choose from.
  var profiles = [SamplingProfile.plain]
  /// Tokens that the draft looks back, at most.
  var draftOrder = 1
  var profileName = "plain"
  var endToken: Token?
  /// How sure the target is, in thousandths: the pair is then made for it and none is searched.
  var peak: Int?

  /// The space of a fault.
  init(_ fault: Fault) {
    if let pair = fault.exchangedSteps {
      // Ranks and ratios of three tokens; a profile that takes the two steps alone.
      (profiles, profileName, vocabularies) = (pair.profiles, pair.name, [3])
      return
    }
    if let peak = fault.peak {
      // Three levels: a round drafts behind both of the draft's moods.
      (self.peak, methods) = (peak, [.speculative(depth: 3)])
      return
    }
    switch fault {
    case .residualMinusUnconditional:
      // With three tokens two rejections leave one, whatever is subtracted.
      (methods, vocabularies, orders) = ([.rsdC(branching: [2])], [4], [0])
    case .ratioAgainstUnconditional, .residualNotUpdated, .draftNotRenormalised,
      .siblingsInTokenOrder, .siblingsInProbabilityOrder, .siblingsInTargetOrder, .childrenPrunedByTarget:
      methods = [.rsdC(branching: [2]), .rsdS(width: 2, depth: 1)]
    case .repeatsSkipped, .repeatsSubtractedAtOnce, .repeatsMerged:
      methods = [.specInfer(branching: [2]), .specInfer(branching: [3])]
    case .blockResidual, .oneAcceptanceUniform: methods = [.speculative(depth: 2)]
    case .ratioFromNextRow, .residualFromNextRow, .bonusFromPreviousRow: orders = [1]
    case .lastTokenOnly: (methods, vocabularies, orders) = ([.speculative(depth: 2)], [2], [2])
    case .siblingsVisible: (methods, vocabularies, orders) = ([.rsdC(branching: [2])], [2], [2])
    case .rejectedStaysInContext, .contextReset: (vocabularies, orders) = ([2], [2])
    case .recoveryNoiseReused: vocabularies = [3]
    case .rejectedStaysInDraft, .draftNotRolledBack:
      (observable, methods, vocabularies, orders) = (.secondLength, [.speculative(depth: 2)], [2], [2])
      draftOrder = 2
    case .noiseReusedEveryRound: methods = [.speculative(depth: 1), .rsdC(branching: [2])]
    case .draftPositionShifted: (observable, methods, orders) = (.acceptedLength, [.speculative(depth: 2)], [1])
    case .beamByProbability, .childrenPrunedByProbability:
      methods = [.rsdS(width: 2, depth: 1), .rsdS(width: 2, depth: 2)]
    case .freshNoise: (observable, methods) = (.draftTree, [.rsdS(width: 2, depth: 2)])
    case .endTokenIgnored: endToken = 1
    case .draftTopK: vocabularies = [3]
    case .targetProfileMissing: set("top-k", try? SamplingProfile(topK: 2), [3])
    case .topKKeepsTies: set("top-k", try? SamplingProfile(topK: 2), [3])
    case .topPIgnored, .topPExclusive: set("top-p", try? SamplingProfile(topP: 0.71), [3])
    case .minPIgnored: set("min-p", try? SamplingProfile(minP: 0.31), [3])
    case .temperatureTwice: set("cool", try? SamplingProfile(temperature: 0.5), [2, 3])
    case .tiesToHighest: set("greedy", try? SamplingProfile(temperature: 0), [2, 3])
    default: break
    }
  }

  private mutating func set(_ name: String, _ profile: SamplingProfile?, _ vocabularies: [Int]) {
    profiles = [profile ?? .plain]
    profileName = name
    self.vocabularies = vocabularies
  }
}
