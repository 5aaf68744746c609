import SpeculativeDecoding

/// Where the search for a fault's witness looks: methods, vocabulary, orders, profile, end token.
struct WitnessSpace: Sendable {
  var observable = Observable.output
  var methods: [DecodingMethod] = [.speculative(depth: 1)]
  var vocabularies = [2, 3]
  var orders = [0, 1]
  var profile = SamplingProfile.plain
  var profileName = "plain"
  var endToken: Token?

  /// The space of a fault.
  init(_ fault: Fault) {
    switch fault {
    case .ratioAgainstUnconditional, .residualNotUpdated, .residualMinusUnconditional, .draftNotRenormalised,
      .siblingsInTokenOrder, .siblingsInProbabilityOrder, .siblingsInTargetOrder, .childrenPrunedByTarget:
      methods = [.rsdC(branching: [2]), .rsdS(width: 2, depth: 1)]
    case .repeatsSkipped, .repeatsSubtractedAtOnce, .repeatsMerged:
      methods = [.specInfer(branching: [2]), .specInfer(branching: [3])]
    case .blockResidual, .oneAcceptanceUniform: methods = [.speculative(depth: 2)]
    case .ratioFromNextRow, .residualFromNextRow, .bonusFromPreviousRow: orders = [1]
    case .lastTokenOnly: (methods, vocabularies, orders) = ([.speculative(depth: 2)], [2], [2])
    case .siblingsVisible: (methods, vocabularies, orders) = ([.rsdC(branching: [2])], [2], [2])
    case .rejectedStaysInContext, .contextReset: (vocabularies, orders) = ([2], [2])
    case .noiseReusedEveryRound: methods = [.speculative(depth: 1), .rsdC(branching: [2])]
    case .draftPositionShifted: (observable, methods, orders) = (.acceptedLength, [.speculative(depth: 2)], [1])
    case .beamByProbability, .childrenPrunedByProbability:
      methods = [.rsdS(width: 2, depth: 1), .rsdS(width: 2, depth: 2)]
    case .freshNoise: (observable, methods) = (.draftTree, [.rsdS(width: 2, depth: 2)])
    case .endTokenIgnored: endToken = 1
    case .draftTopK: vocabularies = [3]
    case .targetProfileMissing: set("top-k", try? SamplingProfile(topK: 2), [3])
    case .jointTopKTopP: set("top-k-top-p", try? SamplingProfile(topK: 2, topP: 0.7), [3])
    case .tiesToHighest: set("greedy", try? SamplingProfile(temperature: 0), [2, 3])
    default: break
    }
  }

  private mutating func set(_ name: String, _ profile: SamplingProfile?, _ vocabularies: [Int]) {
    self.profile = profile ?? .plain
    profileName = name
    self.vocabularies = vocabularies
  }
}
