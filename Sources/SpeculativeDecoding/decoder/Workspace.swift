import Probability

/// The memory of a round: tree, laws, and what drafting and verification scribble on.
///
/// Made once for a decoder and used for all its rounds; after the first it allocates nothing.
public struct Workspace<Scalar: ProbabilityScalar>: Sendable {
  /// The drafted tree; its root is the context's last token.
  public var tree = TokenTree()
  /// The draft's law after each node that was expanded, of shape [node][vocabulary].
  public var draftLaws: LawTable<Scalar>
  /// The target's law after each node, of shape [node][vocabulary].
  ///
  /// Of production's steps, only the laws that verification came to need be complete: see
  /// ``RoundSteps/readsAllTargetLaws``.
  public var targetLaws: LawTable<Scalar>

  /// The law still to be met at the node under verification, up to ``residualMass``, of shape [vocabulary].
  public var residual: [Scalar]
  /// The sum of ``residual``.
  public var residualMass = Scalar.one
  /// The draft's law with earlier siblings taken out, up to ``proposalMass``, of shape [vocabulary].
  public var proposal: [Scalar]
  /// The sum of ``proposal``.
  public var proposalMass = Scalar.one
  /// The sums of ``proposal``'s blocks, once they are needed.
  @usableFromInline var proposalSums = BlockSums<Scalar>()
  @usableFromInline var isProposalSummed = false
  @usableFromInline var scratch: [Scalar]

  /// The beam of RSD-S: nodes in arrival order.
  public var beam = ReusableArray(filler: 0)
  /// The draft's probability of each prefix in the beam; beyond ``beam``'s count, memory that is not in use.
  public var beamMasses: [Scalar] = []
  /// The beam of the level below, as it fills.
  public var nextBeam = ReusableArray(filler: 0)
  /// The draft's probability of each prefix in the next beam; beyond ``nextBeam``'s count, memory that is not in use.
  public var nextBeamMasses: [Scalar] = []
  /// The masses of what may arrive next in the race.
  @usableFromInline var waiting: [Scalar] = []
  /// The sums of ``waiting``'s blocks.
  @usableFromInline var waitingSums = BlockSums<Scalar>()

  /// The accepted nodes of the last round, from the root's child on.
  public var accepted = ReusableArray(filler: 0)
  /// The tokens that the last round emitted: the accepted path, then the residual or bonus token.
  public var emitted = ReusableArray<Token>(filler: 0)

  /// Memory for laws over a vocabulary.
  public init(vocabularySize: Int) {
    draftLaws = LawTable(vocabularySize: vocabularySize)
    targetLaws = LawTable(vocabularySize: vocabularySize)
    residual = Array(repeating: .zero, count: vocabularySize)
    proposal = residual
    scratch = residual
  }

  /// Tokens in the vocabulary.
  @inlinable public var vocabularySize: Int { draftLaws.vocabularySize }

  /// Writes a mass at a position that is the array's next at most.
  ///
  /// `Array.removeAll(keepingCapacity:)` and `append` cost several times more.
  @inlinable @inline(always)
  static func write(_ mass: Scalar, at position: Int, in masses: inout [Scalar]) {
    if position < masses.count { masses[position] = mass } else { masses.append(mass) }
  }

  /// Makes the target's law after a node the law to be met, once it is complete: ``residual``, of mass 1.
  ///
  /// - Throws: what `complete` throws.
  /// - Complexity: O(vocabulary), beside `complete`.
  @inlinable @inline(always)
  public mutating func loadResidual<Failure: Error>(
    after node: Int, completing complete: (Int, inout LawTable<Scalar>) throws(Failure) -> Void
  ) throws(Failure) {
    try complete(node, &targetLaws)
    let start = targetLaws.row(node).lowerBound
    Laws.copy(vocabularySize, of: targetLaws.values, from: start, into: &residual, at: 0)
    residualMass = .one
  }

  /// Makes the draft's law after a node the law that its children are drawn from: ``proposal``, of mass 1.
  ///
  /// - Complexity: O(vocabulary).
  @inlinable @inline(always)
  public mutating func loadProposal(after node: Int) {
    let start = draftLaws.row(node).lowerBound
    Laws.copy(vocabularySize, of: draftLaws.values, from: start, into: &proposal, at: 0)
    proposalMass = .one
    isProposalSummed = false
  }

  /// Makes sure that ``proposalSums`` are those of the proposal.
  @inlinable @inline(always)
  mutating func sumProposal() {
    if isProposalSummed { return }
    proposalSums.sum(proposal.count, of: proposal)
    isProposalSummed = true
  }

  /// Takes a drawn token out of the proposal.
  ///
  /// - Complexity: O(vocabulary) the first time at a node, and then O(√vocabulary), about.
  @inlinable @inline(always)
  public mutating func exclude(_ token: Token) {
    proposal[token] = .zero
    if isProposalSummed {
      proposalSums.update(at: token, in: proposal.count, of: proposal)
    } else {
      sumProposal()
    }
    proposalMass = proposalSums.mass(proposal.count, of: proposal)
  }
}
