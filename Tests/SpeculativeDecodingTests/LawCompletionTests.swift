import Probability
import SpeculativeDecoding
import Synchronization
import Testing
import ToyModels

/// A target whose laws are all zeros until they are completed.
private struct LateModel: LanguageModel {
  typealias Scalar = Rational
  typealias Context = MarkovModel<Rational>.Context

  let base: MarkovModel<Rational>
  /// The nodes completed since the last evaluation, in order.
  let completed = Completed()

  final class Completed: Sendable {
    let nodes = Mutex<[Int]>([])
  }

  var vocabularySize: Int { base.vocabularySize }
  func makeContext() -> Context { base.makeContext() }

  func begin(_ prompt: [Token], in context: inout Context) throws(SpeculativeDecodingError) {
    try base.begin(prompt, in: &context)
  }

  func evaluate(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into laws: inout LawTable<Rational>
  ) throws(SpeculativeDecodingError) {
    try base.evaluate(nodes, of: tree, in: &context, into: &laws)
  }

  func evaluateForVerification(
    _ nodes: Range<Int>, of tree: borrowing TokenTree, in context: inout Context, into laws: inout LawTable<Rational>
  ) throws(SpeculativeDecodingError) -> LawCompletion<Rational>? {
    var complete = LawTable<Rational>(vocabularySize: vocabularySize)
    complete.reserve(rows: nodes.upperBound)
    try base.evaluate(nodes, of: tree, in: &context, into: &complete)
    for node in nodes { laws.fill(row: node, with: .zero) }
    completed.nodes.withLock { $0 = [] }
    return { [complete, completed] node, laws throws(SpeculativeDecodingError) in
      completed.nodes.withLock { $0.append(node) }
      laws.write(complete.law(ofRow: node), toRow: node)
    }
  }

  func keep(
    _ path: ReusableArray<Int>, of tree: borrowing TokenTree, then next: Token, in context: inout Context
  ) throws(SpeculativeDecodingError) {
    try base.keep(path, of: tree, then: next, in: &context)
  }
}

/// The steps of production, which may look at the whole tree.
private struct CuriousSteps: RoundSteps {
  typealias Scalar = Rational
}

@Suite struct LawCompletionTests {
  static let methods = Rule.all.flatMap {
    $0.methods([.none, .chain(3), .branching([2, 2]), .rectangle(width: 2, depth: 2)])
  }

  /// Nothing reads a law before it is complete: the round's law is the one of complete laws, exactly.
  @Test(arguments: methods, [nil, 1])
  func lawsAreCompletedBeforeTheyAreRead(method: DecodingMethod, endToken: Token?) throws {
    let (target, draft) = (ExactPairs.skewed.target, ExactPairs.skewed.draft)
    let late = try Decoder(target: LateModel(base: target), draft: draft, method: method, endToken: endToken)
    let law = try late.roundLaw(after: [0])
    #expect(law == (try Decoder(target: target, draft: draft, method: method, endToken: endToken).roundLaw(after: [0])))
    let whole = try late.roundLaw(after: [0], steps: { CuriousSteps() }, choices: EnumeratedChoices())
    #expect(law == whole)
  }

  /// The root and the accepted nodes, each once, and no other; an end token's law is not asked for.
  @Test(arguments: methods, [nil, 1])
  func onlyWhatVerificationComesToIsCompleted(method: DecodingMethod, endToken: Token?) throws {
    let target = LateModel(base: ExactPairs.skewed.target)
    let decoder = try Decoder(target: target, draft: ExactPairs.skewed.draft, method: method, endToken: endToken)
    var session = decoder.makeSession()
    var choices = EnumeratedChoices<Rational>()
    var rounds = 0
    repeat {
      try decoder.begin([0], in: &session)
      try decoder.round(&session, using: &choices)
      var visited = [0] + session.workspace.accepted
      if session.hasEnded, session.workspace.emitted.count == session.workspace.accepted.count { visited.removeLast() }
      #expect(target.completed.nodes.withLock { $0 } == visited)
      rounds += 1
    } while choices.advance() && rounds < 500
  }

  /// Steps that look at the whole tree are given whole laws, and nothing is done to them again.
  @Test func aControlSeesCompleteLaws() throws {
    let profile = try SamplingProfile(topP: 0.65)
    let method = DecodingMethod.rsdC(branching: [2, 2])
    let profiled = try Decoder(
      target: ProfiledModel(ExactPairs.skewed.target, profile: profile),
      draft: ProfiledModel(ExactPairs.skewed.draft, profile: profile), method: method)
    let whole = try profiled.roundLaw(after: [0], steps: { CuriousSteps() }, choices: EnumeratedChoices())
    #expect(whole == (try profiled.roundLaw(after: [0])))
    var session = profiled.makeSession()
    var choices = EnumeratedChoices<Rational>()
    var steps = CuriousSteps()
    try profiled.begin([0], in: &session)
    try profiled.round(&session, steps: &steps, using: &choices)
    let shaped = try ExactPairs.skewed.target.applying(profile)
    for node in 0..<session.workspace.tree.count {
      let token = node == 0 ? 0 : Int(session.workspace.tree[node].token)
      #expect(session.workspace.targetLaws.law(ofRow: node) == shaped.law(after: [token]))
    }
  }
}
