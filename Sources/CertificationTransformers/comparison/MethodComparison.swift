import Generation
import SpeculativeDecoding
import Statistics

/// All rules at one target budget, on the same prompts, in one run.
///
/// Each rule first decodes a few texts in each of its shapes of that budget, and goes on in the one with the highest
/// block efficiency. The texts that are then compared come from other random numbers, so that the choice does not
/// flatter the rule that had most shapes to choose from. The rules take turns, text by text, each time in another order:
/// whatever drifts on the machine hits all of them alike.
/// - Source: RSD (arXiv 2402.14160), section 5.
package struct MethodComparison: Sendable {
  /// The texts to decode.
  package struct Design: Sendable {
    /// Drafted tokens that the target evaluates in a round.
    package var budget: Int
    /// Texts of each rule; intervals need 2 or more.
    package var texts: Int
    /// Tokens a text, at most.
    package var tokens: Int
    /// The seed of all texts.
    package var seed: UInt64
    /// Prompts, taken in turn; at least one.
    package var prompts: [[Token]]
    /// Texts of each shape in the pilot.
    package var pilotTexts = 4

    /// A design.
    package init(budget: Int, texts: Int, tokens: Int, seed: UInt64, prompts: [[Token]]) {
      (self.budget, self.texts, self.tokens, self.seed) = (budget, texts, tokens, seed)
      self.prompts = prompts
    }
  }

  /// Closures that a run tells and asks while it goes on.
  package struct Observer {
    /// Whether to end early; the texts so far are then reported.
    package var isInterrupted: () -> Bool
    /// Called after every text.
    package var progress: (_ finished: Int, _ all: Int, _ method: DecodingMethod) -> Void

    /// An observer.
    package init(
      isInterrupted: @escaping () -> Bool = { false },
      progress: @escaping (_ finished: Int, _ all: Int, _ method: DecodingMethod) -> Void = { _, _, _ in }
    ) {
      self.isInterrupted = isInterrupted
      self.progress = progress
    }
  }

  /// Rules of which each is expected to be ahead of the next.
  static let ranking: [Rule] = [.rsdS, .rsdC, .specTr, .speculative]

  let pair: TransformerPair
  let design: Design

  /// A comparison over a pair that has a draft.
  package init(_ pair: TransformerPair, _ design: Design) {
    self.pair = pair
    self.design = design
  }

  /// Chooses the shapes, decodes, and reports; also after an interruption, with the texts that every rule has.
  ///
  /// - Throws: ``CertificationError`` or ``SpeculativeDecodingError``, as the models and their prompts have it.
  package func run(_ observer: Observer = Observer()) throws -> ComparisonReport {
    let shapes = Rule.allThatDraft.map { $0.methods(Shape.all($0.shapes, ofBudget: design.budget)) }
    let pilots = shapes.filter { $0.count > 1 }.joined().count * design.pilotTexts
    let all = pilots + (shapes.count + 1) * design.texts
    var finished = 0
    func step(_ method: DecodingMethod) {
      finished += 1
      observer.progress(finished, all, method)
    }

    var trials = [MethodTrials(.autoregressive)]
    for shapes in shapes { trials.append(MethodTrials(try best(of: shapes, observer, step))) }
    for text in 0..<design.texts {
      for turn in trials.indices {
        let index = (turn + text) % trials.count
        guard try decode(text, isPilot: false, in: &trials[index], observer) else { break }
        step(trials[index].method)
      }
    }
    return try report(trials)
  }

  /// The shape with the highest block efficiency in the pilot; the first where there is no choice.
  private func best(
    of shapes: [DecodingMethod], _ observer: Observer, _ step: (DecodingMethod) -> Void
  ) throws -> DecodingMethod {
    if shapes.count < 2 { return shapes[0] }
    var best = (method: shapes[0], efficiency: 0.0)
    for shape in shapes {
      var trials = MethodTrials(shape)
      for text in 0..<design.pilotTexts {
        guard try decode(text, isPilot: true, in: &trials, observer) else { break }
        step(shape)
      }
      if let efficiency = trials.blockEfficiency?.value, efficiency > best.efficiency { best = (shape, efficiency) }
    }
    return best.method
  }

  private func decode(
    _ text: Int, isPilot: Bool, in trials: inout MethodTrials, _ observer: Observer
  ) throws -> Bool {
    // The upper half of the texts' numbers is the pilot's.
    try trials.decode(
      with: pair, from: design.prompts[text % design.prompts.count], tokens: design.tokens, seed: design.seed,
      text: UInt64(text) + (isPilot ? 1 << 63 : 0), isInterrupted: observer.isInterrupted)
  }

  private func report(_ trials: [MethodTrials]) throws -> ComparisonReport {
    let common = trials.map(\.textCount).min() ?? 0
    let trials = trials.map { $0.prefix(common) }
    let byRule = Dictionary(uniqueKeysWithValues: trials.map { ($0.method.rule, $0) })
    let ranked = Self.ranking.compactMap { byRule[$0] }
    return ComparisonReport(
      budget: design.budget, texts: common, tokens: design.tokens, seed: design.seed, sizeRatio: pair.sizeRatio,
      rows: try trials.compactMap { try .init($0, plain: trials[0], sizeRatio: pair.sizeRatio) },
      orderings: try zip(ranked, ranked.dropFirst()).compactMap { try .init($0, $1) },
      isComplete: common == design.texts)
  }
}
