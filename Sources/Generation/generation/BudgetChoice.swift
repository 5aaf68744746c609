import Probability
import SpeculativeDecoding
import Transformer

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
    /// Tokens a round, promised: the mean of the rounds surveyed less its standard error, because the best of many means
    /// is a lucky one.
    public let tokensPerRound: Double
    /// Milliseconds a round: the models' passes, and the decoder's own time by the number of drafted tokens.
    public let milliseconds: Double

    /// Tokens a second, promised.
    public var tokensPerSecond: Double { 1000 * tokensPerRound / milliseconds }
  }

  /// All candidates, the fastest first; autoregressive decoding is among them.
  public let candidates: [Candidate]
  /// Rounds surveyed of each rule.
  public let rounds: Int
  /// The costs of passes.
  package let costs: PassCosts
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
  ///   - rules: the rules that take part.
  ///   - size: drafted tokens of the tree that is surveyed, one of ``surveySizes``; all 32 rounds are then run, so that
  ///     the tokens promised depend on models, prompt and seed alone. By default what passes cost decides.
  ///   - seconds: how long the survey of a rule goes on at most, unless its size is given; it has six rounds at least,
  ///     unless the context is full, and 32 at most.
  /// - Throws: what the models say of the prompt.
  public init(
    for pair: TransformerPair, rules: [Rule], prompt: [Token], seed: UInt64, surveying size: Int? = nil,
    seconds limit: Double = 0.8
  ) throws(SpeculativeDecodingError) {
    let start = ContinuousClock.now
    let costs = try PassCosts.measure(pair)
    var surveys: [Survey] = []
    for rule in rules where rule.shapes != .none {
      let largest = Self.largest(of: rule, drafted: size ?? Self.affordable(costs))
      let survey = try Self.survey(
        largest, pair, prompt: prompt, seed: seed, seconds: size == nil ? limit : .infinity)
      surveys.append(
        Survey(largest: largest, rounds: survey.rounds, seconds: survey.seconds, estimates: survey.estimates))
    }
    candidates = Self.candidates(of: surveys, costs)
    rounds = surveys.map(\.rounds).min() ?? 0
    self.costs = costs
    self.seconds = start.duration(to: .now) / .seconds(1)
  }

  /// The survey of a rule: estimates for its largest tree and the parts of it, from rounds of that tree.
  struct Survey {
    var largest: DecodingMethod
    var rounds: Int
    /// Of all rounds, the models' passes included.
    var seconds: Double
    var estimates: [AcceptanceSurvey<Float>.Estimate]
  }

  /// Autoregressive decoding and all that was surveyed, the fastest first.
  ///
  /// The time of a round beyond its passes is the decoder's own, and as much for each token: the drafted, and the one
  /// that is drawn in their place or after them.
  static func candidates(of surveys: [Survey], _ costs: PassCosts) -> [Candidate] {
    var found: [Candidate] = []
    var leastOwn = Double.infinity
    for survey in surveys {
      guard let whole = survey.estimates.first(where: { $0.method == survey.largest }) else { continue }
      let own = 1000 * survey.seconds / Double(survey.rounds) - costs.round(evaluated: whole.evaluated)
      let ownAToken = max(0, own) / (1 + whole.evaluated.reduce(0, +))
      leastOwn = min(leastOwn, ownAToken)
      found += survey.estimates.map {
        Candidate(
          method: $0.method, tokensPerRound: max(1, $0.tokensPerRound - $0.standardError),
          milliseconds: costs.round(evaluated: $0.evaluated) + ownAToken * (1 + $0.evaluated.reduce(0, +)))
      }
    }
    // Its one token is drawn from a law as well.
    let plain = costs.target(drafted: 0) + (leastOwn.isFinite ? leastOwn : 0)
    found.insert(Candidate(method: .autoregressive, tokensPerRound: 1, milliseconds: plain), at: 0)
    return found.enumerated().sorted {
      ($1.element.tokensPerSecond, $0.offset) < ($0.element.tokensPerSecond, $1.offset)
    }.map(\.element)
  }

  /// Drafted tokens of the trees that are surveyed.
  public static let surveySizes = [31, 16, 12, 6]

  /// Drafted tokens whose pass costs no more than a few tokens decoded one by one: what a larger tree would have to accept
  /// each round, no draft has accepted.
  static func affordable(_ costs: PassCosts) -> Int {
    surveySizes.first { costs.target(drafted: Double($0)) <= 3 * costs.target(drafted: 0) } ?? surveySizes.last ?? 6
  }

  /// The tree of which the candidates are parts, of about so many drafted tokens.
  static func largest(of rule: Rule, drafted: Int) -> DecodingMethod {
    let (width, depth) = drafted >= 31 ? (6, 5) : drafted >= 16 ? (4, 4) : drafted >= 12 ? (4, 3) : (3, 2)
    let branching =
      drafted >= 31 ? [4, 2, 1, 1] : drafted >= 16 ? [4, 1, 1, 1] : drafted >= 12 ? [3, 1, 1, 1] : [3, 1]
    let shape: Shape =
      switch rule.shapes {
      case .none: .none
      case .chain: .chain(min(8, drafted))
      case .branching: .branching(branching)
      case .rectangle: .rectangle(width: width, depth: depth)
      }
    return DecodingMethod(rule: rule, shape: shape)
  }

  /// Texts of random numbers that no text of a seed has, in the upper half of the numbers of texts.
  private static let firstText: UInt64 = 1 << 62
  /// Tokens after which a new text is begun, so that the survey is not of one text alone.
  private static let tokensAText = 24
  /// Rounds of a survey.
  private static let (fewest, most) = (6, 32)

  private static func survey(
    _ method: DecodingMethod, _ pair: TransformerPair, prompt: [Token], seed: UInt64, seconds limit: Double
  ) throws(SpeculativeDecodingError) -> TimedSurvey {
    let start = ContinuousClock.now
    func isInTime() -> Bool { start.duration(to: .now) / .seconds(1) < limit }
    var survey = TimedSurvey(of: method)
    let decoder = try Decoder(
      target: ProfiledModel(pair.target, profile: pair.profile),
      draft: ProfiledModel(pair.draft ?? .transformer(pair.target), profile: pair.profile), method: method)
    var session = decoder.makeSession()
    var text = firstText
    while survey.rounds < fewest || (survey.rounds < most && isInTime()) {
      var choices = RandomChoices<Float, _>(Philox4x64(key: [seed, text]))
      try decoder.begin(prompt, in: &session)
      var count = 0
      repeat {
        if pair.deepestTree(after: prompt.count + count) < method.draftLength { break }
        let start = ContinuousClock.now
        try decoder.round(&session, steps: &survey, using: &choices)
        survey.seconds += start.duration(to: .now) / .seconds(1)
        count += session.workspace.emitted.count
        if session.workspace.emitted.contains(where: pair.endTokens.contains) { break }
      } while count < tokensAText && survey.rounds < most && (survey.rounds < fewest || isInTime())
      // A prompt that leaves no room for the tree.
      if count == 0 { break }
      text += 1
    }
    return survey
  }
}

/// A survey, and how long its rounds took without it.
private struct TimedSurvey: RoundSteps {
  typealias Scalar = Float

  private var survey: AcceptanceSurvey<Float>
  var seconds = 0.0

  var rounds: Int { survey.rounds }
  var estimates: [AcceptanceSurvey<Float>.Estimate] { survey.estimates }

  init(of method: DecodingMethod) { survey = AcceptanceSurvey(of: method) }

  mutating func willVerify(_ workspace: inout Workspace<Float>) {
    let start = ContinuousClock.now
    survey.willVerify(&workspace)
    seconds -= start.duration(to: .now) / .seconds(1)
  }
}
