import Probability

extension Decoder {
  /// The exact law of the first round after a prompt, from the code that samples.
  ///
  ///     let law = try decoder.roundLaw(after: [0])
  ///     law.emitted[[2, 1]]     // the probability of emitting 2 1, as a fraction
  ///     law.blockEfficiency     // tokens a target evaluation, as a fraction
  ///
  /// - Parameters:
  ///   - steps: makes the steps of a control, afresh for each branch.
  ///   - choices: the source at its first branch, with the fault of a control if it has one.
  ///   - limits: how many branches may be run.
  /// - Throws: ``SpeculativeDecodingError/enumerationLimit(branches:)``, ``SpeculativeDecodingError/interrupted``, and
  ///   what ``begin(_:in:)`` throws.
  /// - Complexity: O(branches · choices a branch); memory for one path and the result.
  @inlinable
  public func roundLaw<Steps: RoundSteps, Source: BranchingChoices>(
    after prompt: [Token], steps makeSteps: () -> Steps, choices: Source,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> RoundLaw where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    try enumerateRound(after: prompt, steps: makeSteps, choices: choices, limits: limits) { _ in }
  }

  /// The exact law of the first round after a prompt, by the steps of production.
  ///
  /// - Throws: what ``roundLaw(after:steps:choices:limits:)`` throws.
  @inlinable
  public func roundLaw(
    after prompt: [Token], limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> RoundLaw {
    try roundLaw(after: prompt, steps: { StandardSteps<Target.Scalar>() }, choices: EnumeratedChoices(), limits: limits)
  }

  /// Runs a round along every branch, and shows the session after each.
  @inlinable
  func enumerateRound<Steps: RoundSteps, Source: BranchingChoices>(
    after prompt: [Token], steps makeSteps: () -> Steps, choices: Source, limits: EnumerationLimits,
    inspect: (borrowing Session) throws(SpeculativeDecodingError) -> Void
  ) throws(SpeculativeDecodingError) -> RoundLaw where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    var session = makeSession()
    var choices = choices
    let stride = branchesBetweenQuestions(rounds: 1)
    var law = RoundLaw(draftLength: method.draftLength)
    repeat {
      try limits.check(choices.branches, stride: stride)
      try begin(prompt, in: &session)
      var steps = makeSteps()
      try round(&session, steps: &steps, using: &choices)
      law.emitted[Array(session.workspace.emitted), default: .zero] += choices.weight
      law.acceptedLength[session.workspace.accepted.count] += choices.weight
      try inspect(session)
    } while choices.advance()
    law.branches = choices.branches
    law.choices = choices.choices
    return law
  }

  /// Branches of some milliseconds together: a branch takes as long as its trees are large.
  @inlinable
  func branchesBetweenQuestions(rounds: Int) -> Int {
    let (size, overflow) = (method.budget + 1).multipliedReportingOverflow(by: target.vocabularySize)
    return overflow ? 1 : max(1, 0xFFFF / size / rounds)
  }

  /// The exact law of the tree that the first round drafts, in draw order.
  ///
  /// - Throws: what ``roundLaw(after:steps:choices:limits:)`` throws.
  /// - Complexity: O(branches · choices a branch); memory for one path and the result.
  @inlinable
  public func draftTreeLaw<Steps: RoundSteps, Source: BranchingChoices>(
    after prompt: [Token], steps makeSteps: () -> Steps, choices: Source,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [DraftedTree: Rational]
  where Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar {
    var session = makeSession()
    var choices = choices
    let stride = branchesBetweenQuestions(rounds: 1)
    var law: [DraftedTree: Rational] = [:]
    repeat {
      try limits.check(choices.branches, stride: stride)
      try begin(prompt, in: &session)
      var steps = makeSteps()
      session.workspace.tree.reset(root: session.root)
      try steps.draftTree(
        of: method, by: draft, context: &session.draftContext, in: &session.workspace, using: &choices)
      law[DraftedTree(session.workspace.tree), default: .zero] += choices.weight
    } while choices.advance()
    return law
  }

  /// The exact law of the tree that the first round of production drafts, in draw order.
  ///
  /// - Throws: what ``roundLaw(after:steps:choices:limits:)`` throws.
  @inlinable
  public func draftTreeLaw(
    after prompt: [Token], limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) -> [DraftedTree: Rational] {
    try draftTreeLaw(
      after: prompt, steps: { StandardSteps<Target.Scalar>() }, choices: EnumeratedChoices(), limits: limits)
  }
}
