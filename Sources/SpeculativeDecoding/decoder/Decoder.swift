import Probability

/// The decoder: a target, a draft, and the method that joins them; lossless for each method.
///
/// A round drafts a tree, has the target evaluate all of it in one call, verifies it from the root, keeps
/// exactly the accepted path in both contexts, and makes the residual or bonus token the next root. The models
/// give *processed* laws: wrap them in ``ProfiledModel`` for a temperature, top-k, top-p or min-p, and the same
/// law is drafted, tested, and drawn from.
///
///     let decoder = try Decoder(target: target, draft: draft, method: .rsdS(width: 3, depth: 2))
///     var session = decoder.makeSession()
///     var choices = RandomChoices<Double, _>(Philox4x64(key: [seed, 0]))
///     let tokens = try decoder.generate(100, from: [0], in: &session, using: &choices)
public struct Decoder<Target: LanguageModel, Draft: LanguageModel>: Sendable
where Target.Scalar == Draft.Scalar {
  /// The model whose law the output has.
  public let target: Target
  /// The model that proposes.
  public let draft: Draft
  /// Tree and rule.
  public let method: DecodingMethod
  /// The tokens after each of which nothing is emitted.
  public let endTokens: Set<Token>

  /// A decoder of one method over two models, with one end token or none.
  ///
  /// - Throws: what ``init(target:draft:method:endTokens:)`` throws.
  public init(
    target: Target, draft: Draft, method: DecodingMethod, endToken: Token? = nil
  ) throws(SpeculativeDecodingError) {
    try self.init(target: target, draft: draft, method: method, endTokens: endToken.map { [$0] } ?? [])
  }

  /// A decoder of one method over two models; a text ends at the first of the end tokens.
  ///
  /// - Throws: ``SpeculativeDecodingError`` for an empty vocabulary, two vocabularies, an end token outside them, or a shape
  ///   that draws nothing.
  public init(
    target: Target, draft: Draft, method: DecodingMethod, endTokens: Set<Token>
  ) throws(SpeculativeDecodingError) {
    guard target.vocabularySize > 0 else { throw .emptyVocabulary }
    guard target.vocabularySize == draft.vocabularySize else {
      throw .vocabularyMismatch(target: target.vocabularySize, draft: draft.vocabularySize)
    }
    if let token = endTokens.sorted().first(where: { !(0..<target.vocabularySize).contains($0) }) {
      throw .tokenOutOfRange(token: token, vocabulary: target.vocabularySize, place: "end token")
    }
    try method.validate()
    self.target = target
    self.draft = draft
    self.method = method
    self.endTokens = endTokens
  }

  /// The state that is carried from round to round.
  public struct Session: Sendable {
    /// The memory of a round; its last tree, laws and emitted tokens can be read here.
    public var workspace: Workspace<Target.Scalar>
    /// The counts of the rounds since the last ``Decoder/begin(_:in:)``.
    public var diagnostics = Diagnostics()
    /// The context's last token; -1 for an empty prompt.
    public var root: Token = -1
    /// Whether an end token was emitted.
    public var hasEnded = false
    @usableFromInline var targetContext: Target.Context
    @usableFromInline var draftContext: Draft.Context

    @usableFromInline
    init(_ decoder: borrowing Decoder) {
      workspace = Workspace(vocabularySize: decoder.target.vocabularySize)
      targetContext = decoder.target.makeContext()
      draftContext = decoder.draft.makeContext()
    }
  }

  /// Memory for one sequence at a time; ``begin(_:in:)`` gives it a prompt.
  public func makeSession() -> Session { Session(self) }

  /// Starts from a prompt.
  ///
  /// - Throws: ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)`` or what a model says of the prompt.
  @inlinable
  public func begin(_ prompt: [Token], in session: inout Session) throws(SpeculativeDecodingError) {
    for token in prompt where !(0..<target.vocabularySize).contains(token) {
      throw .tokenOutOfRange(token: token, vocabulary: target.vocabularySize, place: "prompt")
    }
    try target.begin(prompt, in: &session.targetContext)
    if method.drafts { try draft.begin(prompt, in: &session.draftContext) }
    session.root = prompt.last ?? -1
    session.hasEnded = false
    session.diagnostics.reset(draftLength: method.draftLength)
  }

  /// Runs one round of production; the tokens are in the session's workspace.
  ///
  /// - Throws: what a model says of its evaluation.
  @inlinable
  public func round<Source: Choices>(
    _ session: inout Session, using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Target.Scalar {
    var steps = StandardSteps<Target.Scalar>()
    try round(&session, steps: &steps, using: &choices)
  }

  /// Runs one round with the steps of a control.
  ///
  /// - Throws: what a model says of its evaluation.
  @inlinable
  public func round<Source: Choices, Steps: RoundSteps>(
    _ session: inout Session, steps: inout Steps, using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Target.Scalar, Steps.Scalar == Target.Scalar {
    session.workspace.tree.reset(root: session.root)
    session.workspace.accepted.empty()
    try steps.draftTree(
      of: method, by: draft, context: &session.draftContext, in: &session.workspace, using: &choices)
    try verifyTree(in: &session, steps: &steps, using: &choices)
  }

  /// The round from the complete draft tree on: one target evaluation, verification, and what is kept of it.
  @inlinable @inline(always)
  func verifyTree<Source: Choices, Steps: RoundSteps>(
    in session: inout Session, steps: inout Steps, using choices: inout Source
  ) throws(SpeculativeDecodingError) where Source.Scalar == Target.Scalar, Steps.Scalar == Target.Scalar {
    let nodes = 0..<session.workspace.tree.count
    session.workspace.targetLaws.reserve(rows: nodes.count)
    var complete: LawCompletion<Target.Scalar>?
    if Steps.readsAllTargetLaws {
      try target.evaluate(
        nodes, of: session.workspace.tree, in: &session.targetContext, into: &session.workspace.targetLaws)
    } else {
      complete = try target.evaluateForVerification(
        nodes, of: session.workspace.tree, in: &session.targetContext, into: &session.workspace.targetLaws)
    }
    steps.willVerify(&session.workspace)
    let final = try steps.verifyTree(by: method, endTokens: endTokens, in: &session.workspace, using: &choices) {
      (node: Int, laws: inout LawTable<Target.Scalar>) throws(SpeculativeDecodingError) in try complete?(node, &laws)
    }
    try finish(with: final, in: &session)
  }

  /// Writes what the round emitted and moves both contexts to it.
  @inlinable
  func finish(with final: Token?, in session: inout Session) throws(SpeculativeDecodingError) {
    session.workspace.emitted.empty()
    for node in session.workspace.accepted {
      session.workspace.emitted.append(Int(session.workspace.tree[node].token))
    }
    session.diagnostics.record(
      accepted: session.workspace.accepted.count, drafted: session.workspace.tree.evaluatedCount,
      draftEvaluations: method.draftLength, emitted: session.workspace.accepted.count + (final == nil ? 0 : 1)
    )
    guard let final else {
      session.hasEnded = true
      return
    }
    session.workspace.emitted.append(final)
    session.hasEnded = endTokens.contains(final)
    session.root = final
    try target.keep(
      session.workspace.accepted, of: session.workspace.tree, then: final, in: &session.targetContext)
    if method.drafts {
      try draft.keep(
        session.workspace.accepted, of: session.workspace.tree, then: final, in: &session.draftContext)
    }
  }
}
