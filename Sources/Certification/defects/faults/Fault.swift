/// One way to be wrong, or one lossless variant: what a control changes in the one production decoder.
///
/// A fault acts through a step of the round (``FaultySteps``), the source of choices (``FaultyChoices``), a model
/// (``FaultyModel``), or the way a case is set up (``FaultSubject``); nothing of the algorithm is written twice. What each
/// comes from, and how it shows, is in ``Defect``.
public enum Fault: String, Hashable, Sendable, CaseIterable {
  /// Nothing is changed.
  case none

  // MARK: Acceptance
  /// Every drafted token is accepted.
  case alwaysAccepts = "always-accepts"
  /// The acceptance uniform is fixed at 0.
  case zeroUniform = "zero-uniform"
  /// A token is also accepted where the target's own draw is the same.
  case secondChance = "second-chance"
  /// The ratio is taken against the target's largest probability.
  case ratioAgainstLargest = "ratio-against-largest"
  /// The first drafted token is committed unverified.
  case firstTokenUnverified = "first-token-unverified"
  /// Accepted if and only if the target's probability is at least the draft's, else the target's most probable token.
  case thresholdAcceptance = "threshold-acceptance"
  /// Accepted if and only if q > min(0.09, 0.3·e^−H), H the entropy of the target's law in nats, else its most probable token.
  case typicalAcceptance = "typical-acceptance"
  /// A token of target probability 0.8 or more is accepted without a test.
  case sureAccepted800 = "sure-accepted-0.8"
  /// A token of target probability 0.9 or more is accepted without a test.
  case sureAccepted900 = "sure-accepted-0.9"
  /// A token of target probability 0.97 or more is accepted without a test.
  case sureAccepted970 = "sure-accepted-0.97"
  /// A token of target probability 0.995 or more is accepted without a test.
  case sureAccepted995 = "sure-accepted-0.995"
  /// A token of target probability 0.1 or less is rejected without a test.
  case unlikelyRejected100 = "unlikely-rejected-0.1"
  /// A token of target probability 0.03 or less is rejected without a test.
  case unlikelyRejected030 = "unlikely-rejected-0.03"
  /// A token of target probability 0.005 or less is rejected without a test.
  case unlikelyRejected005 = "unlikely-rejected-0.005"
  /// The ratio is multiplied by 1.1.
  case lenientTenth = "lenient-tenth"
  /// The ratio is multiplied by 1.01.
  case lenientHundredth = "lenient-hundredth"
  /// The ratio is multiplied by 1.001.
  case lenientThousandth = "lenient-thousandth"
  /// Each candidate is compared with a target draw of its own.
  case ownDrawEach = "own-draw-each"
  /// The ratio reads the target's law one row further down.
  case ratioFromNextRow = "ratio-from-next-row"
  /// The ratio is taken against the draft's law with the earlier siblings still in it.
  case ratioAgainstUnconditional = "ratio-against-unconditional"

  // MARK: Residual
  /// The residual is softmaxed instead of normalised.
  case softmaxResidual = "softmax-residual"
  /// Only the rejected token is taken out of the target's law.
  case onlyRejectedZeroed = "only-rejected-zeroed"
  /// After all rejections the token is drawn from the target.
  case residualFromTarget = "residual-from-target"
  /// After all rejections the token is drawn from the draft.
  case residualFromDraft = "residual-from-draft"
  /// The residual is |q − p|.
  case absoluteResidual = "absolute-residual"
  /// The residual is updated after the last sibling only.
  case residualNotUpdated = "residual-not-updated"
  /// The residual subtracts the draft's law with the earlier siblings still in it.
  case residualMinusUnconditional = "residual-minus-unconditional"
  /// The draft's law is not renormalised after a draw.
  case draftNotRenormalised = "draft-not-renormalised"
  /// A repeated sibling is skipped without an update.
  case repeatsSkipped = "repeats-skipped"
  /// A token's repeats are subtracted all at once, when it is first rejected.
  case repeatsSubtractedAtOnce = "repeats-subtracted-at-once"
  /// The residual subtracts candidate lists by their ranks instead of their tokens.
  case residualByRank = "residual-by-rank"
  /// The residual reads the target's law one row further down.
  case residualFromNextRow = "residual-from-next-row"
  /// The block rule's residual after a token-wise rejection.
  case blockResidual = "block-residual"

  // MARK: The draft's reported law
  /// The draft takes its most probable token and reports its whole law.
  case draftsMostProbable = "drafts-most-probable"
  /// The draft samples at temperature 1/2 and reports its raw law.
  case draftTemperature = "draft-temperature"
  /// The draft samples under top-k 2 and reports its whole law.
  case draftTopK = "draft-top-k"
  /// The draft samples at 8 significant bits and reports full precision.
  case draftLowPrecision = "draft-low-precision"
  /// Tokens of the draft are not mapped to the target's vocabulary.
  case draftNotMapped = "draft-not-mapped"

  // MARK: The target's law
  /// The profile is applied to the draft only.
  case targetProfileMissing = "target-profile-missing"
  /// Min-p is applied to the bonus token only.
  case minPOnBonus = "min-p-on-bonus"
  /// Of a round's tokens the target's context holds the last one only.
  case lastTokenOnly = "last-token-only"
  /// Top-p is applied to the law before top-k.
  case jointTopKTopP = "joint-top-k-top-p"
  /// The temperature is applied to what top-k and top-p have left.
  case temperatureAfterTopP = "temperature-after-top-p"
  /// The temperature is applied last, to what top-k, top-p and min-p have left.
  case temperatureAfterMinP = "temperature-after-min-p"
  /// Top-p is applied to what min-p has left.
  case topPAfterMinP = "top-p-after-min-p"
  /// The temperature is applied twice.
  case temperatureTwice = "temperature-twice"
  /// Top-p is not applied.
  case topPIgnored = "top-p-ignored"
  /// Min-p is not applied.
  case minPIgnored = "min-p-ignored"
  /// Top-p leaves out the token whose sum reaches it.
  case topPExclusive = "top-p-exclusive"
  /// Top-k keeps all tokens that tie with the last one.
  case topKKeepsTies = "top-k-keeps-ties"
  /// Everything is silently greedy.
  case silentlyGreedy = "silently-greedy"
  /// The bonus token is drawn from the draft's last law.
  case bonusFromDraft = "bonus-from-draft"
  /// The bonus token is the most probable one.
  case bonusMostProbable = "bonus-most-probable"
  /// The bonus token is drawn from the row of the token before.
  case bonusFromPreviousRow = "bonus-from-previous-row"

  // MARK: Randomness
  /// The acceptance test uses the uniform that drew the token.
  case draftUniformReused = "draft-uniform-reused"
  /// The uniform of the last acceptance test is used again for the draw from the residual.
  case acceptanceUniformReused = "acceptance-uniform-reused"
  /// The token after a rejection is drawn with the Gumbel noise that chose the rejected token.
  case recoveryNoiseReused = "recovery-noise-reused"
  /// The bonus token is drawn with the Gumbel noise that chose the last accepted token.
  case bonusNoiseReused = "bonus-noise-reused"
  /// One acceptance uniform serves a whole round.
  case oneAcceptanceUniform = "one-acceptance-uniform"
  /// The first round's uniforms are used again in every round.
  case noiseReusedEveryRound = "noise-reused-every-round"
  /// Two requests share a stream of random numbers.
  case sharedStream = "shared-stream"
  /// The seed is ignored.
  case seedIgnored = "seed-ignored"

  // MARK: State, positions, rows
  /// A rejected token stays in the target's context.
  case rejectedStaysInContext = "rejected-stays-in-context"
  /// The draft's context keeps what was drafted behind the accepted tokens, and the round's last token follows it.
  case rejectedStaysInDraft = "rejected-stays-in-draft"
  /// The draft's context ends with what was drafted: rejected tokens stay, and the round's last token is never written.
  case draftNotRolledBack = "draft-not-rolled-back"
  /// The target's context is reset after a round instead of rolled back.
  case contextReset = "context-reset"
  /// A sibling sees the siblings drawn before it.
  case siblingsVisible = "siblings-visible"
  /// The draft reads its context one token too early.
  case draftPositionShifted = "draft-position-shifted"
  /// The rejected token is left in the output.
  case rejectedEmitted = "rejected-emitted"

  // MARK: Ends and greedy decoding
  /// Tokens follow an accepted end token.
  case endTokenIgnored = "end-token-ignored"
  /// Greedy ties go to the highest token.
  case tiesToHighest = "ties-to-highest"
  /// The first token is the most probable one.
  case greedyFirstToken = "greedy-first-token"

  // MARK: Trees of RSD
  /// Siblings are verified in token order.
  case siblingsInTokenOrder = "siblings-in-token-order"
  /// Siblings are verified in descending order of their draft probability.
  case siblingsInProbabilityOrder = "siblings-in-probability-order"
  /// Siblings are verified in descending order of their target probability.
  case siblingsInTargetOrder = "siblings-in-target-order"
  /// The beam keeps the most probable prefixes.
  case beamByProbability = "beam-by-probability"
  /// Children of small probability are pruned.
  case childrenPrunedByProbability = "children-pruned-by-probability"
  /// Children of small target probability are pruned.
  case childrenPrunedByTarget = "children-pruned-by-target"
  /// The beam is drawn afresh at every level.
  case freshNoise = "fresh-noise"

  // MARK: Lossless variants
  /// A sampled draft is verified by the one-hot rule: accept with q(x), else take x out.
  case oneHotRule = "one-hot-rule"
  /// One target draw a node: accept the child that it is, else emit it.
  case samplerMatch = "sampler-match"
  /// Repeats are merged and verified as drawn without replacement.
  case repeatsMerged = "repeats-merged"
  /// A chain is verified as a block (arXiv 2403.10444).
  case blockVerification = "block-verification"
  /// The draft proposes uniformly, whatever it knows.
  case uniformDraft = "uniform-draft"
}
