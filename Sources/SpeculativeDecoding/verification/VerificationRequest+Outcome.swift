import Probability

/// The path and the last token that a ``VerificationRequest`` leads to.
public struct VerificationOutcome: Hashable, Sendable {
  /// The accepted nodes, by their index in the request, from the root's child on.
  public var accepted: [Int]
  /// The residual or bonus token; `nil` after an accepted end token.
  public var token: Token?
  /// Uniforms used.
  public var used: Int

  /// An outcome.
  public init(accepted: [Int], token: Token?, used: Int) {
    (self.accepted, self.token, self.used) = (accepted, token, used)
  }
}

extension VerificationRequest {
  /// The outcome by the production decoder, in one scalar's arithmetic.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidRequest(_:)`` where the round needs more uniforms than there are.
  public func outcome<Scalar: ProbabilityScalar>(
    in scalar: Scalar.Type
  ) throws(SpeculativeDecodingError) -> VerificationOutcome {
    var choices = ScriptedChoices<Scalar>(uniforms)
    var steps = StandardSteps<Scalar>()
    return try outcome(of: run(steps: &steps, using: &choices), used: choices.used)
  }

  /// The outcome of a run that asked for so many uniforms, by whatever steps and choices.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidRequest(_:)`` where they are more than there are: what was chosen
  ///   beyond their end means nothing.
  public func outcome(
    of round: (accepted: [Int], token: Token?), used: Int
  ) throws(SpeculativeDecodingError) -> VerificationOutcome {
    guard used <= uniforms.count else {
      throw .invalidRequest("the round needs \(used) uniforms and only \(uniforms.count) are given")
    }
    return VerificationOutcome(accepted: round.accepted, token: round.token, used: used)
  }

  /// The outcome by the production decoder, in double precision.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidRequest(_:)`` where the round needs more uniforms than there are.
  public func outcome() throws(SpeculativeDecodingError) -> VerificationOutcome { try outcome(in: Double.self) }

  /// Runs the round with the steps of a control and any source of choices; ``uniforms`` are not read.
  ///
  /// - Returns: the accepted nodes, and the final token or `nil` after an end token.
  public func run<Source: Choices, Steps: RoundSteps>(
    steps: inout Steps, using choices: inout Source
  ) throws(SpeculativeDecodingError) -> (accepted: [Int], token: Token?) where Steps.Scalar == Source.Scalar {
    var tree = TokenTree()
    var draftLaws = LawTable<Source.Scalar>(vocabularySize: vocabularySize)
    var targetLaws = draftLaws
    draftLaws.reserve(rows: nodes.count + 1)
    targetLaws.reserve(rows: nodes.count + 1)
    var depth = 1
    // Row 0 is the root's: the nodes of a request move up by one.
    for node in nodes {
      if rule.drafting.isWithReplacement {
        tree.appendRepeatable(node.token, to: node.parent + 1)
      } else {
        tree.append(node.token, to: node.parent + 1)
      }
      depth = max(depth, Int(tree[tree.count - 1].depth))
      draftLaws.write(Self.law(node.draft), toRow: node.parent + 1)
    }
    for (row, law) in target.enumerated() { targetLaws.write(Self.law(law), toRow: row) }

    let model = RecordedModel(laws: targetLaws)
    let decoder = try Decoder(
      target: model, draft: model, method: rule.method(width: 1, depth: depth), endToken: endToken)
    var session = decoder.makeSession()
    try decoder.begin([], in: &session)
    try decoder.round(over: tree, draftLaws: draftLaws, in: &session, steps: &steps, using: &choices)
    let accepted = session.workspace.accepted.map { $0 - 1 }
    let emitted = session.workspace.emitted
    return (accepted, emitted.count > accepted.count ? emitted.last : nil)
  }

  private static func law<Scalar: ProbabilityScalar>(_ law: [Double]) -> [Scalar] {
    law.map { Scalar(nearest: Rational(exactly: $0) ?? .zero) }
  }
}

/// A target whose laws after every node of one tree were written down.
struct RecordedModel<Scalar: ProbabilityScalar>: LanguageModel {
  let laws: LawTable<Scalar>

  var vocabularySize: Int { laws.vocabularySize }

  struct Context: Sendable {}

  func makeContext() -> Context { Context() }

  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {}

  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context,
    into laws: inout LawTable<Scalar>
  ) throws(SpeculativeDecodingError) {
    for node in nodes { laws.write(self.laws.values, from: self.laws.row(node).lowerBound, toRow: node) }
  }

  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {}
}
