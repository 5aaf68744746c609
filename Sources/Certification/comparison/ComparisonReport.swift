import SpeculativeDecoding
import Statistics

/// What rules did at one target budget, side by side.
public struct ComparisonReport: Codable, Hashable, Sendable {
  /// A number with half the width of its 95 % interval, which is absent for a single text.
  public struct Figure: Codable, Hashable, Sendable {
    /// The estimate.
    public var value: Double
    /// Half the width of the interval.
    public var halfWidth: Double?

    init(_ estimate: RatioEstimate) throws(StatisticsError) {
      (value, halfWidth) = (estimate.value, try estimate.halfWidth())
    }
  }

  /// One rule.
  public struct Row: Codable, Hashable, Sendable {
    /// The rule's name in the port protocol.
    public var rule: String
    /// The shape, such as "2-2" or "2x3".
    public var shape: String
    /// Drafted tokens that the target evaluates in a round, at most.
    public var budget: Int
    /// Drafted tokens that it evaluated in a round, on average: repeated siblings share an evaluation.
    public var evaluatedPerRound: Double
    /// Tokens a round.
    public var blockEfficiency: Figure
    /// Accepted over evaluated drafted tokens.
    public var acceptance: Double
    /// For each level, how often a round that came there accepted a token of it.
    public var levelAcceptance: [Double]
    /// Memory-bound speed-up.
    public var memoryBoundSpeedUp: Double
    /// Tokens a second.
    public var tokensPerSecond: Double
    /// Tokens a second over those of autoregressive decoding in the same run.
    public var speedUp: Figure
    /// Tokens a second that ``BudgetChoice`` promised; absent where nobody did.
    public var promisedTokensPerSecond: Double?
  }

  /// Whether one rule's block efficiency is at least another's.
  public struct Ordering: Codable, Hashable, Sendable {
    /// What the interval says.
    public enum Verdict: String, Codable, Hashable, Sendable {
      /// All of the interval is at 0 or above.
      case holds
      /// All of it is below 0.
      case fails
      /// 0 is inside, or there is no interval.
      case open
    }

    /// The rule that is expected to be ahead.
    public var ahead: String
    /// The other.
    public var behind: String
    /// The difference of block efficiencies, text by text.
    public var difference: Figure
    /// What it says.
    public var verdict: Verdict
  }

  /// The target budget.
  public var budget: Int
  /// Texts of each rule.
  public var texts: Int
  /// Tokens a text, at most.
  public var tokens: Int
  /// The seed.
  public var seed: UInt64
  /// The draft's parameters over the target's.
  public var sizeRatio: Double
  /// Autoregressive decoding, then every rule.
  public var rows: [Row]
  /// RSD-S against RSD-C, RSD-C against SpecTr, SpecTr against SD.
  public var orderings: [Ordering]
  /// Whether all texts were decoded.
  public var isComplete: Bool
}

extension ComparisonReport.Row {
  /// A row; `nil` before the first text.
  init?(_ trials: MethodTrials, plain: MethodTrials, sizeRatio: Double) throws(StatisticsError) {
    guard let blockEfficiency = trials.blockEfficiency, let speed = trials.tokensPerSecond,
      let plainSpeed = plain.tokensPerSecond
    else { return nil }
    let (method, diagnostics) = (trials.method, trials.diagnostics)
    self.init(
      rule: method.rule.name, shape: method.shape.text, budget: method.budget,
      evaluatedPerRound: Double(diagnostics.draftedTokens) / Double(max(1, diagnostics.rounds)),
      blockEfficiency: try .init(blockEfficiency), acceptance: diagnostics.acceptance,
      levelAcceptance: diagnostics.levelAcceptance,
      memoryBoundSpeedUp: diagnostics.memoryBoundSpeedUp(sizeRatio: sizeRatio, draftLength: method.draftLength),
      tokensPerSecond: speed.value, speedUp: try .init(speed.over(plainSpeed)))
  }
}

extension ComparisonReport.Ordering {
  /// The paired difference of two rules' block efficiencies; `nil` before the first text.
  init?(_ ahead: MethodTrials, _ behind: MethodTrials) throws(StatisticsError) {
    guard let first = ahead.blockEfficiency, let second = behind.blockEfficiency else { return nil }
    let difference = try ComparisonReport.Figure(first.minus(second))
    var verdict = Verdict.open
    if let halfWidth = difference.halfWidth {
      if difference.value - halfWidth >= 0 { verdict = .holds }
      if difference.value + halfWidth < 0 { verdict = .fails }
    }
    self.init(ahead: ahead.method.rule.name, behind: behind.method.rule.name, difference: difference, verdict: verdict)
  }
}
