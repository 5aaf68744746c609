import Probability
import SpeculativeDecoding

/// The tree that promises most tokens a second on this machine, for a text: from what passes cost and what is accepted.
///
/// Costs are measured; acceptance is surveyed on texts after the same prompt, of random numbers that no text has. A choice
/// thus depends on models, prompt, seed and time, and on nothing that the text itself is made of: whatever is chosen, the
/// text has the target's law, and is that of the chosen method and the seed.
public struct BudgetChoice: Sendable {
  /// A shape and what it promises.
  public struct Candidate: Hashable, Sendable {
    /// Tree and rule.
    public let method: DecodingMethod
    /// Tokens a round, expected.
    public let tokensPerRound: Double
    /// Milliseconds a round, of the models' passes.
    public let milliseconds: Double

    /// Tokens a second, expected.
    public var tokensPerSecond: Double { 1000 * tokensPerRound / milliseconds }
  }

  /// All candidates, the fastest first; autoregressive decoding is among them.
  public let candidates: [Candidate]
  /// Rounds surveyed of each rule.
  public let rounds: Int
  /// What passes cost.
  public let costs: PassCosts
  /// Seconds that it all took.
  public let seconds: Double

  /// The fastest.
  public var chosen: Candidate { candidates[0] }
  /// Autoregressive decoding.
  public var plain: Candidate { candidates.first { $0.method == .autoregressive } ?? candidates[0] }

  /// Measures and surveys.
  ///
  /// - Parameters:
  ///   - pair: needs a draft.
  ///   - rules: methods whose rules take part; their shapes do not matter.
  ///   - seconds: how long the survey of a rule goes on at most; it has four rounds at least, unless the context is full,
  ///     and twelve at most.
  /// - Throws: what the models say of the prompt.
  public init(
    for pair: TransformerPair, rules: [DecodingMethod], prompt: [Token], seed: UInt64, seconds limit: Double = 0.8
  ) throws(SpeculativeDecodingError) {
    let start = ContinuousClock.now
    let costs = try PassCosts.measure(pair)
    var found = [Candidate(method: .autoregressive, tokensPerRound: 1, milliseconds: costs.target(drafted: 0))]
    var rounds = Int.max
    for rule in rules where rule != .autoregressive {
      let survey = try Self.survey(Self.largest(of: rule), pair, prompt: prompt, seed: seed, seconds: limit)
      rounds = min(rounds, survey.rounds)
      found += survey.estimates.map {
        Candidate(
          method: $0.method, tokensPerRound: $0.tokensPerRound, milliseconds: costs.round(evaluated: $0.evaluated))
      }
    }
    candidates = found.enumerated().sorted {
      ($1.element.tokensPerSecond, $0.offset) < ($0.element.tokensPerSecond, $1.offset)
    }.map(\.element)
    self.rounds = rounds == .max ? 0 : rounds
    self.costs = costs
    self.seconds = start.duration(to: .now) / .seconds(1)
  }

  /// The tree of which the candidates are parts: what 32 tokens a pass allow.
  static func largest(of rule: DecodingMethod) -> DecodingMethod {
    switch rule {
    case .autoregressive: .autoregressive
    case .speculative: .speculative(depth: 8)
    case .specTr: .specTr(width: 6, depth: 5)
    case .rsdS: .rsdS(width: 6, depth: 5)
    case .specInfer: .specInfer(branching: [4, 2, 1, 1])
    case .rsdC: .rsdC(branching: [4, 2, 1, 1])
    }
  }

  /// Texts of random numbers that no text of a seed has, in the upper half of the numbers of texts.
  private static let firstText: UInt64 = 1 << 62
  /// Tokens after which a new text is begun, so that the survey is not of one text alone.
  private static let tokensAText = 12

  private static func survey(
    _ method: DecodingMethod, _ pair: TransformerPair, prompt: [Token], seed: UInt64, seconds limit: Double
  ) throws(SpeculativeDecodingError) -> AcceptanceSurvey<Float> {
    let end = ContinuousClock.now + .seconds(limit)
    var survey = AcceptanceSurvey<Float>(of: method)
    let decoder = try Decoder(
      target: ProfiledModel(pair.target, profile: pair.profile),
      draft: ProfiledModel(pair.draft ?? .transformer(pair.target), profile: pair.profile), method: method)
    var session = decoder.makeSession()
    var text = firstText
    while survey.rounds < 4 || (survey.rounds < 12 && ContinuousClock.now < end) {
      var choices = RandomChoices<Float, _>(Philox4x64(key: [seed, text]))
      try decoder.begin(prompt, in: &session)
      var count = 0
      repeat {
        if pair.deepestTree(after: prompt.count + count) < method.draftLength { break }
        try decoder.round(&session, steps: &survey, using: &choices)
        count += session.workspace.emitted.count
        if session.workspace.emitted.contains(where: pair.endTokens.contains) { break }
      } while count < tokensAText && (survey.rounds < 4 || ContinuousClock.now < end)
      // A prompt that leaves no room for the tree.
      if count == 0 { break }
      text += 1
    }
    return survey
  }
}
