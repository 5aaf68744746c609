import SpeculativeDecoding
import Statistics

/// The results of rules at one target budget, side by side.
package struct ComparisonReport: Codable, Hashable, Sendable {
  /// A number with half the width of its 95 % interval, which is absent for a single text.
  package struct Figure: Codable, Hashable, Sendable {
    /// The estimate.
    package var value: Double
    /// Half the width of the interval.
    package var halfWidth: Double?

    init(_ estimate: RatioEstimate) throws(StatisticsError) {
      (value, halfWidth) = (estimate.value, try estimate.halfWidth())
    }
  }

  /// One rule.
  package struct Row: Codable, Hashable, Sendable {
    /// The rule's name in the port protocol.
    package var rule: String
    /// The shape, such as "2-2" or "2x3".
    package var shape: String
    /// Drafted tokens that the target evaluates in a round, at most.
    package var budget: Int
    /// Drafted tokens that it evaluated in a round, on average: repeated siblings share an evaluation.
    package var evaluatedPerRound: Double
    /// Tokens a round.
    package var blockEfficiency: Figure
    /// Accepted over evaluated drafted tokens.
    package var acceptance: Double
    /// For each level, how often a round that came there accepted a token of it.
    package var levelAcceptance: [Double]
    /// Memory-bound speed-up.
    package var memoryBoundSpeedUp: Double
    /// Tokens a second.
    package var tokensPerSecond: Double
    /// Tokens a second over those of autoregressive decoding in the same run.
    package var speedUp: Figure
    /// Tokens a second that ``BudgetChoice`` promised; absent where nobody did.
    package var promisedTokensPerSecond: Double?
  }

  /// Whether one rule's block efficiency is at least another's.
  package struct Ordering: Codable, Hashable, Sendable {
    /// The conclusion of the interval.
    package enum Verdict: String, Codable, Hashable, Sendable {
      /// All of the interval is at 0 or above.
      case holds
      /// All of it is below 0.
      case fails
      /// 0 is inside, or there is no interval.
      case open
    }

    /// The rule that is expected to be ahead.
    package var ahead: String
    /// The other.
    package var behind: String
    /// The difference of block efficiencies, text by text.
    package var difference: Figure
    /// The conclusion.
    package var verdict: Verdict
  }

  /// The target budget.
  package var budget: Int
  /// Texts of each rule.
  package var texts: Int
  /// Tokens a text, at most.
  package var tokens: Int
  /// The seed.
  package var seed: UInt64
  /// The draft's parameters over the target's.
  package var sizeRatio: Double
  /// Autoregressive decoding, then every rule.
  package var rows: [Row]
  /// RSD-S against RSD-C, RSD-C against SpecTr, SpecTr against SD.
  package var orderings: [Ordering]
  /// Whether all texts were decoded.
  package var isComplete: Bool
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
