import Probability

/// The exact law of the first tokens of a decoding, over as many rounds as they take.
public struct EmittedLaw: Hashable, Sendable {
  /// The probability of each sequence of `length` tokens, or fewer where it ends with the end token.
  public var sequences: [[Token]: Rational] = [:]
  /// Branches run in all rounds.
  public var branches = 0
  /// Questions that the source of choices answered.
  public var choices = 0
  /// Different states of the models that a round was enumerated from.
  public var states = 0

  @usableFromInline init() {}
}

extension Decoder {
  /// The exact law of the first `length` tokens, by enumerating all rounds jointly.
  ///
  /// It assumes nothing about what is carried from round to round, so that it holds for controls whose rounds depend
  /// on each other; its branches multiply with the rounds. ``emittedLaw(length:after:steps:choices:limits:)`` is the quick way.
  /// - Parameter steps: the steps of a control, made afresh for each decoding.
  /// - Throws: ``SpeculativeDecodingError/nothingToDecode`` for a length below 1, and what
  ///   ``roundLaw(after:steps:choices:limits:)`` throws.
  @inlinable
  public func jointEmittedLaw<Steps: RoundSteps, Source: BranchingChoices>(
    length: Int, after prompt: [Token], steps makeSteps: () -> Steps, choices: Source,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> EmittedLaw where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    guard length > 0 else { throw .nothingToDecode }
    var session = makeSession()
    var choices = choices
    let stride = branchesBetweenQuestions(rounds: length)
    var law = EmittedLaw()
    repeat {
      try limits.check(choices.branches, stride: stride)
      try begin(prompt, in: &session)
      var steps = makeSteps()
      var tokens: [Token] = []
      while tokens.count < length, !session.hasEnded {
        try round(&session, steps: &steps, using: &choices)
        guard session.hasEnded || !session.workspace.emitted.isEmpty else { throw .emptyRound }
        tokens.append(contentsOf: session.workspace.emitted.prefix(length - tokens.count))
      }
      law.sequences[tokens, default: .zero] += choices.weight
    } while choices.advance()
    law.branches = choices.branches
    law.choices = choices.choices
    return law
  }
}

extension Decoder where Target.Context: Hashable, Draft.Context: Hashable {
  /// The exact law of the first `length` tokens, composed of the laws of single rounds.
  ///
  /// A round is enumerated once for each state of the two models. That is sound if a round leaves nothing behind but
  /// its tokens, and this is checked, not assumed: after every branch both contexts must equal those of a decoder that
  /// begins with the prompt and the emitted tokens.
  /// - Parameter steps: the steps of a control, which must not carry anything from round to round.
  /// - Throws: ``SpeculativeDecodingError/carriedState(after:)`` where a round leaves another state than its tokens',
  ///   ``SpeculativeDecodingError/nothingToDecode`` for a length below 1, and what ``roundLaw(after:steps:choices:limits:)``
  ///   throws.
  /// - Complexity: O(states · branches a round + sequences · rounds).
  @inlinable
  public func emittedLaw<Steps: RoundSteps, Source: BranchingChoices>(
    length: Int, after prompt: [Token], steps makeSteps: () -> Steps, choices: Source,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> EmittedLaw where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    guard length > 0 else { throw .nothingToDecode }
    var law = EmittedLaw()
    // Contexts are equal where all that follows has the same laws: the root token adds nothing.
    var rounds: [SessionState<Target.Context, Draft.Context>: [[Token]: Rational]] = [:]
    // Prefixes by their length, so that each is complete before it is continued.
    var pending = [[[Token]: Rational]](repeating: [:], count: length)
    pending[0] = [[]: .one]
    var session = makeSession()
    var prefixes = 0
    for emittedLength in 0..<length {
      for (tokens, weight) in pending[emittedLength] {
        if prefixes & 0x3FF == 0, !limits.shouldContinue(law.branches) { throw .interrupted }
        prefixes += 1
        try begin(prompt + tokens, in: &session)
        let state = SessionState(session.targetContext, session.draftContext, root: 0)
        if rounds[state] == nil {
          let left = limits.less(law.branches)
          let round = try checkedRoundLaw(after: prompt + tokens, steps: makeSteps, choices: choices, limits: left)
          rounds[state] = round.emitted
          law.branches += round.branches
          law.choices += round.choices
          law.states += 1
        }
        for (emitted, probability) in rounds[state] ?? [:] {
          let extended = Array((tokens + emitted).prefix(length))
          let isDone = extended.count == length || (extended.last.map(endTokens.contains) ?? false)
          if isDone {
            law.sequences[extended, default: .zero] += weight * probability
          } else {
            pending[extended.count][extended, default: .zero] += weight * probability
          }
        }
      }
    }
    return law
  }

  /// The exact law of the first `length` tokens of production, composed of the laws of single rounds.
  ///
  /// - Throws: what ``emittedLaw(length:after:steps:choices:limits:)`` throws.
  @inlinable
  public func emittedLaw(
    length: Int, after prompt: [Token], limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> EmittedLaw {
    try emittedLaw(
      length: length, after: prompt, steps: { StandardSteps<Target.Scalar>() }, choices: EnumeratedChoices(),
      limits: limits)
  }

  @inlinable
  func checkedRoundLaw<Steps: RoundSteps, Source: BranchingChoices>(
    after prompt: [Token], steps makeSteps: () -> Steps, choices: Source, limits: EnumerationLimits
  ) throws(SpeculativeDecodingError) -> RoundLaw where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    var fresh = makeSession()
    var expected: [[Token]: SessionState<Target.Context, Draft.Context>] = [:]
    return try enumerateRound(after: prompt, steps: makeSteps, choices: choices, limits: limits) {
      session throws(SpeculativeDecodingError) in
      // After an end token there is no next round whose state could matter.
      if session.hasEnded { return }
      let emitted = Array(session.workspace.emitted)
      guard !emitted.isEmpty else { throw .emptyRound }
      if expected[emitted] == nil {
        try begin(prompt + emitted, in: &fresh)
        expected[emitted] = SessionState(fresh.targetContext, fresh.draftContext, root: fresh.root)
      }
      let state = SessionState(session.targetContext, session.draftContext, root: session.root)
      guard state == expected[emitted] else { throw .carriedState(after: emitted) }
    }
  }
}

/// The state that a round starts from: both models' contexts and the last token.
@usableFromInline
struct SessionState<TargetContext: Hashable & Sendable, DraftContext: Hashable & Sendable>: Hashable, Sendable {
  @usableFromInline var target: TargetContext
  @usableFromInline var draft: DraftContext
  @usableFromInline var root: Token

  @usableFromInline
  init(_ target: TargetContext, _ draft: DraftContext, root: Token) {
    self.target = target
    self.draft = draft
    self.root = root
  }
}
