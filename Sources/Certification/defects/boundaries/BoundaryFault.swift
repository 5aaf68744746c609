import SpeculativeDecoding

/// One way to be wrong at a boundary: at u = 0, at the last bit below 1, on a cumulative sum, in the order of what is used.
///
/// No sample reaches these; the directed vectors do. Some are reported defects of engines (``Defect/boundary``), the others
/// keep the vectors honest: each must fail at least one vector of every rule in ``rules``.
package enum BoundaryFault: String, Hashable, Sendable, CaseIterable {
  /// Nothing is wrong.
  case none

  // MARK: Comparing a uniform
  /// u ≤ q/p instead of u < q/p: a token of probability 0 is accepted at u = 0.
  case inclusiveAcceptance = "inclusive-acceptance"
  /// A token of probability 0 is accepted at u = 0; else the comparison is right.
  case impossibleAcceptedAtZero = "impossible-accepted-at-zero"
  /// u < 1.1 q/p.
  case lenientAcceptance = "lenient-acceptance"
  /// u < q / (p + 1e-6).
  case ratioWithEpsilon = "ratio-with-epsilon"
  /// The first token whose cumulative sum is ≥ u, not > u: at u = 0 the first token, whatever its probability.
  case inclusiveCumulative = "inclusive-cumulative"
  /// Where rounding leaves the sum at or below u, the last token is taken, whatever its probability.
  case fallsToTheLastToken = "falls-to-the-last-token"
  /// Where rounding leaves the sum at or below u, a lane beyond the vocabulary is taken.
  case fallsBeyondTheVocabulary = "falls-beyond-the-vocabulary"
  /// Uniforms are rounded to single precision, where those close to 1 become 1.
  case uniformOfOne = "uniform-of-one"

  // MARK: Handing uniforms out
  /// The final token's uniform is taken before those of the acceptance tests.
  case finalUniformFirst = "final-uniform-first"
  /// The last acceptance uniform is used again for the residual.
  case acceptanceUniformReused = "boundary-acceptance-uniform-reused"
  /// No uniform is used where the outcome is certain, so that those that follow are others.
  case certainOutcomesUseNoUniform = "certain-outcomes-use-no-uniform"
  /// The first uniform serves all tests.
  case oneUniformForAll = "one-uniform-for-all"

  // MARK: Residual and proposal
  /// The residual is never updated.
  case residualNotUpdated = "boundary-residual-not-updated"
  /// Only the rejected token is taken out of the target's law.
  case onlyTheRejectedTokenRemoved = "only-the-rejected-token-removed"
  /// The residual is |q − p|.
  case absoluteResidual = "boundary-absolute-residual"
  /// The residual is the draft's law.
  case residualIsTheDraft = "residual-is-the-draft"
  /// The draft's law is not updated between siblings.
  case proposalNotUpdated = "proposal-not-updated"
  /// A repeated sibling updates nothing.
  case repeatsUpdateNothing = "repeats-update-nothing"

  // MARK: Siblings, rows, ends
  /// Siblings are verified by their token.
  case siblingsByToken = "siblings-by-token"
  /// Siblings are verified by their draft probability.
  case siblingsByDraftProbability = "siblings-by-draft-probability"
  /// Siblings are verified by their target probability.
  case siblingsByTargetProbability = "siblings-by-target-probability"
  /// The bonus token is drawn from the root's row.
  case bonusFromTheRoot = "bonus-from-the-root"
  /// The bonus token is drawn from the draft.
  case bonusFromTheDraft = "boundary-bonus-from-the-draft"
  /// Tokens follow the end token.
  case tokensAfterTheEnd = "tokens-after-the-end"

  /// The rules whose vectors must fail.
  package var rules: [Rule] {
    switch self {
    case .none: []
    case .proposalNotUpdated: Rule.allThatVerify.filter { $0.shapes != .chain && !$0.drafting.isWithReplacement }
    case .siblingsByToken, .siblingsByDraftProbability, .siblingsByTargetProbability:
      Rule.allThatVerify.filter { $0.shapes != .chain }
    case .repeatsUpdateNothing: Rule.allThatVerify.filter(\.drafting.isWithReplacement)
    default: Rule.allThatVerify
    }
  }
}
