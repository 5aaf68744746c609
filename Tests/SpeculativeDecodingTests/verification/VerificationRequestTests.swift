import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct VerificationRequestTests {
  static let methods: [DecodingMethod] = [
    .speculative(depth: 3), .specInfer(branching: [3, 2]), .rsdC(branching: [2, 2]), .rsdS(width: 3, depth: 2),
  ]

  static func doubles(_ model: MarkovModel<Rational>) throws -> MarkovModel<Double> {
    try MarkovModel(
      vocabularySize: model.vocabularySize, order: model.order,
      rows: model.rows.mapValues { $0.map(\.approximation) })
  }

  /// A round that was drafted, written down as a request, comes out as it did: both run the same verification.
  @Test(arguments: methods, ExactPairs.all.map(\.0))
  func givenTreesComeOutLikeDraftedOnes(method: DecodingMethod, pair: String) throws {
    let models = ExactPairs.all.first { $0.0 == pair }!.1
    let decoder = try Decoder(
      target: Self.doubles(models.target), draft: Self.doubles(models.draft), method: method, endToken: 1)
    var session = decoder.makeSession()
    var lengths: Set<Int> = []
    for replicate in 0..<300 {
      var choices = TracedChoices(RandomChoices<Double, _>(Philox4x64(key: [8, 9], replicate: UInt64(replicate))))
      try decoder.begin([0], in: &session)
      try decoder.round(&session, using: &choices)
      let workspace = session.workspace
      let nodes = workspace.tree.nodes
      let request = try VerificationRequest(
        rule: method.rule,
        nodes: nodes.dropFirst().map {
          .init(
            parent: Int($0.parent) - 1, token: Int($0.token), draft: workspace.draftLaws.law(ofRow: Int($0.parent)))
        },
        target: nodes.indices.map {
          workspace.targetLaws.law(ofRow: nodes[$0].isRepeat ? Int(nodes[$0].original) : $0)
        },
        uniforms: choices.entries.filter { $0.purpose != .draft && $0.purpose != .beam }.map(\.uniform), endToken: 1)
      let outcome = try request.outcome()
      #expect(outcome.accepted == workspace.accepted.map { $0 - 1 })
      #expect(outcome.used == request.uniforms.count)
      #expect(
        outcome.accepted.map { request.nodes[$0].token } + (outcome.token.map { [$0] } ?? [])
          == Array(workspace.emitted))
      lengths.insert(outcome.accepted.count)
    }
    #expect(lengths.count > 1)
  }

  static func request(
    _ rule: Rule = .rsdC, _ nodes: [VerificationRequest.Node]? = nil, target: [[Double]]? = nil,
    uniforms: [Double] = [0.5, 0.5, 0.5], endToken: Token? = nil
  ) throws -> VerificationOutcome {
    let law = [0.5, 0.25, 0.25]
    let nodes = nodes ?? [.init(parent: -1, token: 0, draft: law), .init(parent: -1, token: 1, draft: law)]
    let target = target ?? Array(repeating: law, count: nodes.count + 1)
    return try VerificationRequest(rule: rule, nodes: nodes, target: target, uniforms: uniforms, endToken: endToken)
      .outcome()
  }

  @Test func documentationComesOutAsItSays() throws {
    let outcome = try Self.request(
      .rsdC, [.init(parent: -1, token: 0, draft: [0.5, 0.5])], target: [[0.25, 0.75], [0.5, 0.5]], uniforms: [0.5, 0.9])
    #expect(outcome == VerificationOutcome(accepted: [], token: 1, used: 2))
  }

  @Test func wrongRequestsAreRefusedWithTheirMistake() throws {
    let law = [0.5, 0.25, 0.25]
    #expect(throws: Never.self) { try Self.request() }
    #expect(
      throws: SpeculativeDecodingError.invalidLaw(
        place: "the target's law after the root", reason: .notFinite(outcome: 1))
    ) {
      try Self.request(target: [[0.5, .nan, 0.25], law, law])
    }
    #expect(throws: SpeculativeDecodingError.tokenOutOfRange(token: 3, vocabulary: 3, place: "end token")) {
      try Self.request(endToken: 3)
    }
    #expect(throws: SpeculativeDecodingError.emptyVocabulary) { try Self.request(.rsdC, [], target: [[]]) }
    func reason(_ body: () throws -> VerificationOutcome) -> String {
      do { return "\(try body())" } catch { return "\(error)" }
    }
    #expect(
      reason { try Self.request(target: [law, law]) }
        == "the target has 2 laws for 2 nodes; it needs one for the root and one for each node")
    #expect(
      reason { try Self.request(.speculative) } == "nodes 0 and 1 have the same parent; the tree of sd is a chain")
    #expect(
      reason { try Self.request(uniforms: [0.5]) } == "the round needs 2 uniforms and only 1 are given")
    #expect(
      reason { try Self.request(uniforms: [0.5, 1]) } == "uniform 1 is 1.0; it must be at least 0 and below 1")
    #expect(
      reason { try Self.request(.rsdS, [.init(parent: 0, token: 0, draft: law)]) }
        == "node 0 has the parent 0; a parent is an earlier node, or -1 for the root")
    let twice = [VerificationRequest.Node](repeating: .init(parent: -1, token: 0, draft: law), count: 2)
    #expect(
      reason { try Self.request(.rsdS, twice) }
        == "nodes 0 and 1 are siblings with the same token; rsd-s draws without replacement")
    #expect(throws: Never.self) { try Self.request(.specInfer, twice) }
    #expect(
      reason { try Self.request(.specInfer, twice + [.init(parent: 1, token: 0, draft: law)]) }
        == "node 2 continues node 1, a repeat; children belong to the first node with its token")
  }
}
