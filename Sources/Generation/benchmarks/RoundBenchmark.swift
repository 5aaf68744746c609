import Probability
import SpeculativeDecoding
import Transformer

/// The time of a round, broken down: the two models' passes, and each part of the decoder.
///
/// The decoder is the one that generates text, over models that are timed: once inside the sampling profile, where a call
/// is the model's own, and once outside, so that the difference is the profile's.
package struct RoundBenchmark: Sendable {
  /// Seconds of all rounds, by what they were spent on.
  package struct Figures: Hashable, Sendable {
    /// Rounds.
    package internal(set) var rounds = 0
    /// Tokens that they emitted.
    package internal(set) var tokens = 0
    /// The draft's passes, one a level, and what it keeps of the tree.
    package internal(set) var draft = 0.0
    /// The target's pass, and what it keeps of the tree.
    package internal(set) var target = 0.0
    /// The sampling profile, of both models' laws.
    package internal(set) var profile = 0.0
    /// Drawing the tree from the draft's laws.
    package internal(set) var drafting = 0.0
    /// Verification, and the residual or bonus token.
    package internal(set) var verification = 0.0
    /// Tokens into text, by whoever shows them.
    package internal(set) var text = 0.0

    /// All that is not a model's: profile, drafting, verification, text.
    package var decoder: Double { profile + drafting + verification + text }
    /// All of it.
    package var total: Double { draft + target + decoder }
  }

  private typealias Timed<Model: LanguageModel> = TimedModel<ProfiledModel<TimedModel<Model>>>

  /// Models, and the profile of their laws.
  package let pair: TransformerPair
  /// Tree and rule.
  package let method: DecodingMethod

  /// A benchmark of a method over a pair, which needs a draft unless the method is autoregressive.
  package init(_ pair: TransformerPair, _ method: DecodingMethod) {
    self.pair = pair
    self.method = method
  }

  /// Decodes texts from a prompt and adds up what their rounds took; the first round of each is not counted.
  ///
  /// - Parameters:
  ///   - texts: how many; text i is that of ``Generation`` with the same seed, without its end tokens.
  ///   - tokens: of each at least, after the prompt.
  ///   - show: is given the tokens of a round; its time is the text's.
  /// - Throws: what the models say of the prompt, and of a text that outgrows their contexts, and
  ///   ``SpeculativeDecodingError/interrupted`` where they are told to end within a pass.
  package func run(
    texts: Int, tokens: Int, from prompt: [Token], seed: UInt64, isInterrupted: () -> Bool = { false },
    show: ([Token]) -> Void = { _ in }
  ) throws(SpeculativeDecodingError) -> Figures {
    guard pair.draft != nil || method == .autoregressive else {
      throw .model("the rule \(method.rule) drafts; give it a draft model")
    }
    let target = timed(pair.target)
    let draft = timed(pair.draft ?? .transformer(pair.target))
    let decoder = try Decoder(target: target, draft: draft, method: method)
    let (outer, inner) = (
      [target.stopwatch, draft.stopwatch], [target.base.base.stopwatch, draft.base.base.stopwatch]
    )
    var figures = Figures()
    for text in 0..<texts where !isInterrupted() {
      var session = decoder.makeSession()
      var choices = RandomChoices<Float, _>(Philox4x64(key: [seed, UInt64(text)]))
      try decoder.begin(prompt, in: &session)
      var count = 0
      while count < tokens, !isInterrupted() {
        let before = (outer: outer.map(\.seconds), inner: inner.map(\.seconds))
        var steps = TimedSteps(models: outer)
        let start = ContinuousClock.now
        try decoder.round(&session, steps: &steps, using: &choices)
        let end = ContinuousClock.now
        let emitted = Array(session.workspace.emitted)
        let shown = ContinuousClock().measure { show(emitted) } / .seconds(1)
        count += emitted.count
        if session.diagnostics.rounds == 1 { continue }
        let passes = zip(inner, before.inner).map { $0.seconds - $1 }
        let shaped = zip(outer, before.outer).map { $0.seconds - $1 }
        let profile = shaped[0] + shaped[1] - passes[0] - passes[1]
        let verification = steps.seconds(until: end)
        figures.rounds += 1
        figures.tokens += emitted.count
        figures.target += passes[0]
        figures.draft += passes[1]
        figures.profile += profile
        figures.verification += verification
        figures.drafting += start.duration(to: end) / .seconds(1) - shaped[0] - shaped[1] - verification
        figures.text += shown
      }
    }
    return figures
  }

  private func timed<Model: LanguageModel>(_ model: Model) -> Timed<Model> {
    TimedModel(ProfiledModel(TimedModel(model), profile: pair.profile))
  }
}

/// The production steps, and when verification began.
private struct TimedSteps: RoundSteps {
  typealias Scalar = Float

  static var readsAllTargetLaws: Bool { StandardSteps<Float>.readsAllTargetLaws }

  let models: [Stopwatch]
  private var start = ContinuousClock.now
  private var modelsAtStart = 0.0

  init(models: [Stopwatch]) { self.models = models }

  mutating func willVerify(_ workspace: inout Workspace<Float>) {
    start = .now
    modelsAtStart = models.reduce(0) { $0 + $1.seconds }
  }

  /// Of verification, without what the models then keep of the tree.
  func seconds(until end: ContinuousClock.Instant) -> Double {
    start.duration(to: end) / .seconds(1) - (models.reduce(0) { $0 + $1.seconds } - modelsAtStart)
  }
}
