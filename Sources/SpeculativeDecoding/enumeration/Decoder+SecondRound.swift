import Probability

extension Decoder {
  /// The exact law of how many tokens the second round of a decoding emits, uncut: 0 where it has none.
  ///
  /// A decoding of `length` tokens has a second round unless the first one emits as many, or ends with the end token. Both
  /// rounds are enumerated jointly, so that whatever the first leaves behind has its part; ``secondLengthLaw(length:after:steps:choices:limits:)``
  /// is the quick way.
  /// - Parameters:
  ///   - length: tokens of a decoding.
  ///   - steps: makes the steps of a control, afresh for each branch.
  ///   - choices: the source at its first branch, with the fault of a control if it has one.
  /// - Throws: ``SpeculativeDecodingError/nothingToDecode`` for a length below 1, and what
  ///   ``roundLaw(after:steps:choices:limits:)`` throws.
  /// - Complexity: O(branches of two rounds); memory for one path.
  @inlinable
  public func jointSecondLengthLaw<Steps: RoundSteps, Source: BranchingChoices>(
    length: Int, after prompt: [Token], steps makeSteps: () -> Steps, choices: Source,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [Int: Rational]
  where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    guard length > 0 else { throw .nothingToDecode }
    var session = makeSession()
    var choices = choices
    let stride = branchesBetweenQuestions(rounds: 2)
    var law: [Int: Rational] = [:]
    repeat {
      try limits.check(choices.branches, stride: stride)
      try begin(prompt, in: &session)
      var steps = makeSteps()
      try round(&session, steps: &steps, using: &choices)
      var emitted = 0
      if !session.hasEnded, session.workspace.emitted.count < length {
        try round(&session, steps: &steps, using: &choices)
        emitted = session.workspace.emitted.count
      }
      law[emitted, default: .zero] += choices.weight
    } while choices.advance()
    return law
  }
}

extension Decoder where Target.Context: Hashable, Draft.Context: Hashable {
  /// The exact law of how many tokens the second round of a decoding emits, composed of the laws of single rounds.
  ///
  /// That a round leaves nothing behind but its tokens is checked, as by ``emittedLaw(length:after:steps:choices:limits:)``.
  /// - Throws: what that throws.
  /// - Complexity: O(states · branches of a round).
  @inlinable
  public func secondLengthLaw<Steps: RoundSteps, Source: BranchingChoices>(
    length: Int, after prompt: [Token], steps makeSteps: () -> Steps, choices: Source,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [Int: Rational]
  where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    guard length > 0 else { throw .nothingToDecode }
    let first = try checkedRoundLaw(after: prompt, steps: makeSteps, choices: choices, limits: limits)
    var branches = first.branches
    var law: [Int: Rational] = [:]
    var known: [SessionState<Target.Context, Draft.Context>: [Int: Rational]] = [:]
    var session = makeSession()
    for (tokens, weight) in first.emitted {
      if tokens.count >= length || tokens.last.map(endTokens.contains) == true {
        law[0, default: .zero] += weight
        continue
      }
      try begin(prompt + tokens, in: &session)
      let state = SessionState(session.targetContext, session.draftContext, root: 0)
      if known[state] == nil {
        let left = limits.less(branches)
        let second = try checkedRoundLaw(after: prompt + tokens, steps: makeSteps, choices: choices, limits: left)
        branches += second.branches
        known[state] = second.emitted.reduce(into: [:]) { $0[$1.key.count, default: .zero] += $1.value }
      }
      for (emitted, probability) in known[state] ?? [:] { law[emitted, default: .zero] += weight * probability }
    }
    return law
  }
}
