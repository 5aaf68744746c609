import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct DecoderTests {
  static let model = try! MarkovModel(
    vocabularySize: 3, order: 1,
    rows: [[]: [0.2, 0.3, 0.5], [0]: [0.6, 0.3, 0.1], [1]: [0.25, 0.25, 0.5], [2]: [0.2, 0.5, 0.3]])
  static let draft = try! MarkovModel(
    vocabularySize: 3, order: 1,
    rows: [[]: [0.4, 0.3, 0.3], [0]: [0.1, 0.2, 0.7], [1]: [0.4, 0.4, 0.2], [2]: [0.3, 0.3, 0.4]])

  @Test(arguments: Methods.small)
  func maximumTokensCountsTokens(method: DecodingMethod) throws {
    let decoder = try Decoder(target: Self.model, draft: Self.draft, method: method)
    var session = decoder.makeSession()
    for maximum in 1...9 {
      var choices = RandomChoices<Double, _>(Philox4x64(key: [7, UInt64(maximum)]))
      let tokens = try decoder.generate(maximum, from: [1], in: &session, using: &choices)
      #expect(tokens.count == maximum)
      let diagnostics = session.diagnostics
      #expect(diagnostics.tokens >= maximum)
      #expect(diagnostics.tokens - maximum <= method.draftLength)
      #expect(diagnostics.acceptedLengths.reduce(0, +) == diagnostics.rounds)
      #expect(diagnostics.targetEvaluations == diagnostics.rounds)
      #expect(diagnostics.draftEvaluations == diagnostics.rounds * method.draftLength)
      #expect(diagnostics.draftedTokens <= diagnostics.rounds * method.budget)
      let accepted = diagnostics.acceptedLengths.enumerated().reduce(0) { $0 + $1.offset * $1.element }
      #expect(diagnostics.tokens == accepted + diagnostics.rounds)
    }
  }

  @Test(arguments: Methods.small)
  func aCutDecodingIsAPrefixOfALongerOne(method: DecodingMethod) throws {
    let decoder = try Decoder(target: Self.model, draft: Self.draft, method: method)
    var session = decoder.makeSession()
    var choices = RandomChoices<Double, _>(Philox4x64(key: [8, 0]))
    let long = try decoder.generate(40, from: [2], in: &session, using: &choices)
    for length in 1...20 {
      var again = RandomChoices<Double, _>(Philox4x64(key: [8, 0]))
      #expect(
        try decoder.generate(length, from: [2], in: &session, using: &again) == Array(long.prefix(length)))
    }
  }

  @Test(arguments: Methods.small)
  func nothingFollowsTheEndToken(method: DecodingMethod) throws {
    let decoder = try Decoder(target: Self.model, draft: Self.draft, method: method, endToken: 2)
    var session = decoder.makeSession()
    for seed in 0..<50 {
      var choices = RandomChoices<Double, _>(Philox4x64(key: [9, UInt64(seed)]))
      let tokens = try decoder.generate(60, from: [0], in: &session, using: &choices)
      let end = tokens.firstIndex(of: 2)
      #expect(end == nil ? tokens.count == 60 : end == tokens.count - 1)
      #expect(session.hasEnded == (end != nil) || tokens.count == 60)
    }
  }

  @Test func figuresOfMerit() throws {
    let decoder = try Decoder(target: Self.model, draft: Self.model, method: .rsdC(branching: [2, 2]))
    var session = decoder.makeSession()
    var choices = RandomChoices<Double, _>(Philox4x64(key: [10, 0]))
    _ = try decoder.generate(30, from: [0], in: &session, using: &choices)
    // Equal models accept every draft: 3 tokens a target evaluation.
    #expect(session.diagnostics.blockEfficiency == 3)
    #expect(session.diagnostics.memoryBoundSpeedUp(sizeRatio: 0.25, draftLength: 2) == 2)
    #expect(Diagnostics().blockEfficiency == 0)
    var merged = session.diagnostics
    merged.merge(session.diagnostics)
    #expect(merged.rounds == 2 * session.diagnostics.rounds)
    #expect(merged.acceptedLengths == session.diagnostics.acceptedLengths.map { 2 * $0 })
  }

  /// Two tokens drawn three or four times: some repeat in every round, and the target evaluates each once.
  @Test(arguments: [DecodingMethod.specInfer(branching: [4]), .specTr(width: 3, depth: 2)])
  func repeatsAreNoDraftedTokens(method: DecodingMethod) throws {
    let two = try MarkovModel.categorical([0.5, 0.5])
    let decoder = try Decoder(target: two, draft: two, method: method)
    var session = decoder.makeSession()
    var choices = RandomChoices<Double, _>(Philox4x64(key: [12, 0]))
    try decoder.begin([0], in: &session)
    var drafted = 0
    for _ in 0..<20 {
      try decoder.round(&session, using: &choices)
      drafted += session.workspace.tree.nodes.dropFirst().filter { !$0.isRepeat }.count
      #expect(session.diagnostics.draftedTokens == drafted)
    }
    #expect(drafted < 20 * method.budget)
  }

  @Test func badRequestsAreRefused() throws {
    let two = try MarkovModel.categorical([0.5, 0.5])
    #expect(throws: SpeculativeDecodingError.vocabularyMismatch(target: 3, draft: 2)) {
      try Decoder(target: Self.model, draft: two, method: .autoregressive)
    }
    #expect(throws: SpeculativeDecodingError.tokenOutOfRange(token: 2, vocabulary: 2, place: "end token")) {
      try Decoder(target: two, draft: two, method: .autoregressive, endToken: 2)
    }
    for method in [
      DecodingMethod.speculative(depth: 0), .specInfer(branching: []), .specInfer(branching: [2, 0]),
      .specTr(width: 0, depth: 1), .rsdC(branching: [-1]), .rsdC(branching: []), .rsdS(width: 2, depth: 0),
      .rsdS(width: .max, depth: 2), .rsdC(branching: Array(repeating: 2, count: 40)),
    ] {
      #expect(throws: SpeculativeDecodingError.self) { try Decoder(target: two, draft: two, method: method) }
    }
    let decoder = try Decoder(target: two, draft: two, method: .rsdC(branching: [2]))
    var session = decoder.makeSession()
    var choices = RandomChoices<Double, _>(Philox4x64(key: [0, 0]))
    #expect(throws: SpeculativeDecodingError.tokenOutOfRange(token: 5, vocabulary: 2, place: "prompt")) {
      try decoder.generate(1, from: [0, 5], in: &session, using: &choices)
    }
    #expect(throws: SpeculativeDecodingError.nothingToDecode) {
      try decoder.generate(0, from: [0], in: &session, using: &choices)
    }
  }

  @Test func tracingChangesNothing() throws {
    let decoder = try Decoder(target: Self.model, draft: Self.draft, method: .rsdS(width: 2, depth: 2))
    var session = decoder.makeSession()
    var plain = RandomChoices<Double, _>(Philox4x64(key: [11, 0]))
    var traced = TracedChoices(RandomChoices<Double, _>(Philox4x64(key: [11, 0])))
    let expected = try decoder.generate(20, from: [0], in: &session, using: &plain)
    #expect(try decoder.generate(20, from: [0], in: &session, using: &traced) == expected)
    // A script of the traced uniforms replays the decoding.
    var scripted = ScriptedChoices<Double>(traced.entries.map(\.uniform))
    #expect(try decoder.generate(20, from: [0], in: &session, using: &scripted) == expected)
    #expect(scripted.used == scripted.uniforms.count)
  }
}
