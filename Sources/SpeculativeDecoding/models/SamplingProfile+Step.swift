extension SamplingProfile {
  /// One step of a profile; in the order in which a profile takes them, which is the port protocol's.
  package enum Step: String, CaseIterable, Hashable, Sendable {
    /// p^(1/T).
    case temperature
    /// The k most probable tokens.
    case topK = "top-k"
    /// The shortest run in descending order that reaches a mass.
    case topP = "top-p"
    /// Tokens of at least a fraction of the largest probability.
    case minP = "min-p"
  }

  /// The steps that change a law, in their order.
  package var steps: [Step] { Step.allCases.filter { !keeping($0).isPlain } }

  /// The profile that takes one step of this one, and no other.
  package func keeping(_ step: Step) -> SamplingProfile {
    SamplingProfile(
      unchecked: step == .temperature ? temperature : 1, step == .topK ? topK : 0, step == .topP ? topP : 1,
      step == .minP ? minP : 0)
  }
}

extension SamplingProfile.Step: Comparable {
  /// Whether a step comes before another.
  package static func < (left: Self, right: Self) -> Bool { left.place < right.place }

  private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
