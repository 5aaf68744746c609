import Generation
import SpeculativeDecoding
import Statistics

/// The fastest shape of each rule on this machine, and the fastest of all.
///
/// A knock-out: all shapes decode one text each, the fastest third and the fastest of each rule three more, and of
/// those the fastest six and each rule's fastest are measured on new texts, so that a shape that was lucky in the
/// knock-out is not favoured by it. Autoregressive decoding takes part in every stage. Within a stage the methods take
/// turns, text by text. With a ``BudgetChoice`` the knock-out is left out: its most promising shapes are measured.
package struct ShapeSweep: Sendable {
  /// The texts to decode.
  package struct Design: Sendable {
    /// The rules that take part.
    package var rules: [Rule]
    /// Texts of each finalist; intervals need 2 or more.
    package var texts: Int
    /// Tokens a text, at most.
    package var tokens: Int
    /// The seed of all texts.
    package var seed: UInt64
    /// Prompts, taken in turn; at least one.
    package var prompts: [[Token]]

    /// The promise of costs and a survey; the finalists are then the most promising, and nothing is knocked out.
    package var choice: BudgetChoice?

    /// A design; all rules that draft take part unless some are named.
    package init(rules: [Rule] = [], texts: Int, tokens: Int, seed: UInt64, prompts: [[Token]]) {
      self.rules = Rule.allThatDraft.filter { rules.isEmpty || rules.contains($0) }
      (self.texts, self.tokens, self.seed, self.prompts) = (texts, tokens, seed, prompts)
    }
  }

  /// A finalist's figures.
  package typealias Row = ComparisonReport.Row

  /// The result of a sweep.
  package struct Report: Codable, Hashable, Sendable {
    /// Shapes that took part.
    package var shapes: Int
    /// Texts of each row.
    package var texts: Int
    /// Tokens a text, at most.
    package var tokens: Int
    /// The seed.
    package var seed: UInt64
    /// The finalists, the fastest first, autoregressive decoding among them.
    package var rows: [Row]
    /// Whether the sweep came to its end; else the rows are those of the last stage with a text of each.
    package var isComplete: Bool
  }

  let pair: TransformerPair
  let design: Design

  /// A sweep over a pair that has a draft.
  package init(_ pair: TransformerPair, _ design: Design) {
    self.pair = pair
    self.design = design
  }

  /// Sweeps, and reports; also after an interruption.
  ///
  /// - Throws: ``CertificationError`` or ``SpeculativeDecodingError``, as the models and their prompts have it.
  package func run(_ observer: MethodComparison.Observer = .init()) throws -> Report {
    let promised = design.choice.map { $0.candidates.map(\.method).filter { $0 != .autoregressive } }
    let candidates = promised ?? design.rules.flatMap(Self.candidates)
    var methods = promised.map { Self.first(Self.finalists, of: $0) } ?? [.autoregressive] + candidates
    let sizes = promised == nil ? [1, 3, design.texts] : [design.texts]
    let finalists = min(candidates.count, Self.finalists)
    // How many will be left is known only roughly: the share that is done must not run backwards.
    let all =
      sizes.count == 1
      ? methods.count * design.texts
      : methods.count + sizes[1] * (methods.count / 3 + 1) + sizes[2] * (finalists + 1)
    var (finished, start) = (0, 0)
    var last: [MethodTrials] = []
    for (stage, size) in sizes.enumerated() {
      var trials = methods.map { MethodTrials($0) }
      for text in start..<start + size {
        for turn in trials.indices {
          let index = (turn + text) % trials.count
          let wasDecoded = try trials[index].decode(
            with: pair, from: design.prompts[text % design.prompts.count], tokens: design.tokens, seed: design.seed,
            text: UInt64(text), isInterrupted: observer.isInterrupted)
          if !wasDecoded { return try report(last, trials, shapes: candidates.count, isComplete: false) }
          finished = min(finished + 1, all)
          observer.progress(finished, all, trials[index].method)
        }
      }
      start += size
      last = trials
      if stage < sizes.count - 1 {
        methods = Self.fastest(stage == 0 ? candidates.count / 3 : Self.finalists, of: trials)
      }
    }
    return try report(last, last, shapes: candidates.count, isComplete: true)
  }

  /// Shapes that are measured on texts of their own, beside the fastest of each rule.
  private static let finalists = 6
  private static let largestBudget = 32

  /// The shapes of a rule that are tried.
  static func candidates(of rule: Rule) -> [DecodingMethod] {
    let shapes: [Shape] =
      switch rule.shapes {
      case .none: []
      case .chain: (1...10).map { .chain($0) }
      case .branching: branchings(depth: 5, most: 4).map { .branching($0) }
      case .rectangle: [2, 3, 4, 6].flatMap { width in (1...6).map { .rectangle(width: width, depth: $0) } }
      }
    return rule.methods(shapes.filter { $0.budget <= largestBudget })
  }

  /// Branchings that never widen and begin with 2 or more.
  private static func branchings(depth: Int, most: Int) -> [[Int]] {
    var (all, level): ([[Int]], [[Int]]) = ([], (2...most).map { [$0] })
    for _ in 0..<depth {
      all += level
      level = level.flatMap { branching in (1...(branching.last ?? 1)).map { branching + [$0] } }
    }
    return all
  }

  /// Autoregressive decoding, the fastest `count` methods, and the fastest of each rule.
  private static func fastest(_ count: Int, of trials: [MethodTrials]) -> [DecodingMethod] {
    let drafting = trials.filter { $0.method != .autoregressive }
    let sorted = drafting.sorted { ($0.tokensPerSecond?.value ?? 0) > ($1.tokensPerSecond?.value ?? 0) }
    return first(count, of: sorted.map(\.method))
  }

  /// Autoregressive decoding, the first `count` methods, and the first of each rule.
  private static func first(_ count: Int, of methods: [DecodingMethod]) -> [DecodingMethod] {
    var rules: Set<Rule> = []
    return [.autoregressive]
      + methods.enumerated().filter { rules.insert($0.element.rule).inserted || $0.offset < count }.map(\.element)
  }

  /// Reports the trials of this stage, or those of the last where this one has not a text of each method.
  private func report(
    _ last: [MethodTrials], _ trials: [MethodTrials], shapes: Int, isComplete: Bool
  ) throws -> Report {
    let common = trials.map(\.textCount).min() ?? 0
    let shown = common > 0 ? trials.map { $0.prefix(common) } : last
    let promised = Dictionary(
      uniqueKeysWithValues: (design.choice?.candidates ?? []).map { ($0.method, $0.tokensPerSecond) })
    let rows = try shown.compactMap { trials in
      var row = try Row(trials, plain: shown[0], sizeRatio: pair.sizeRatio)
      row?.promisedTokensPerSecond = promised[trials.method]
      return row
    }
    return Report(
      shapes: shapes, texts: common > 0 ? common : shown.first?.textCount ?? 0, tokens: design.tokens,
      seed: design.seed, rows: rows.sorted { $0.tokensPerSecond > $1.tokensPerSecond }, isComplete: isComplete)
  }
}
