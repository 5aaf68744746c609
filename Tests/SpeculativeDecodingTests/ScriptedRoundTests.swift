import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// Boundaries that no sample reaches: uniforms on a threshold, at 0, and one step below 1.
@Suite struct ScriptedRoundTests {
  static let largest = 1 - 0x1p-53

  static func round(
    target: [Double], draft: [Double], _ method: DecodingMethod, uniforms: [Double], endToken: Token? = nil
  ) throws -> (emitted: [Token], used: Int) {
    let decoder = try Decoder(
      target: MarkovModel.categorical(target), draft: MarkovModel.categorical(draft), method: method,
      endToken: endToken)
    var session = decoder.makeSession()
    var choices = ScriptedChoices<Double>(uniforms)
    try decoder.begin([], in: &session)
    try decoder.round(&session, using: &choices)
    #expect(!choices.isExhausted)
    return (Array(session.workspace.emitted), choices.used)
  }

  @Test func acceptanceIsStrict() throws {
    // Token 0 is drafted with 1/2 and wanted with 1/4: accepted below u = 1/2 and not at it.
    let (target, draft) = ([0.25, 0.75], [0.5, 0.5])
    let method = DecodingMethod.speculative(depth: 1)
    let below = try Self.round(target: target, draft: draft, method, uniforms: [0, 0.5 - 0x1p-53, 0])
    #expect(below.emitted == [0, 0])
    let at = try Self.round(target: target, draft: draft, method, uniforms: [0, 0.5, 0])
    #expect(at.emitted == [1])
  }

  @Test func impossibleTokensAreRefusedAtZero() throws {
    let result = try Self.round(
      target: [0, 1], draft: [0.5, 0.5], .speculative(depth: 1), uniforms: [0, 0, 0])
    #expect(result.emitted == [1])
    #expect(result.used == 3)
  }

  @Test func certainTokensAreAcceptedAtTheLargestUniform() throws {
    let result = try Self.round(
      target: [1, 0], draft: [1, 0], .speculative(depth: 1),
      uniforms: [Self.largest, Self.largest, Self.largest])
    #expect(result.emitted == [0, 0])
  }

  @Test func equalLawsNeverReachAnEmptyResidual() throws {
    // p = q: accepted at every u below 1, however the law rounds.
    let law = [0.1, 0.2, 0.3, 0.4].map { $0 / 1.0 }
    for draw in [0.05, 0.25, 0.55, 0.95] {
      let result = try Self.round(
        target: law, draft: law, .speculative(depth: 1), uniforms: [draw, Self.largest, 0])
      #expect(result.emitted.count == 2)
    }
  }

  @Test func siblingsUseOneUniformEach() throws {
    // Draws 0 then 1, both refused, residual token 2.
    let result = try Self.round(
      target: [0, 0, 1], draft: [0.5, 0.25, 0.25], .rsdC(branching: [2]), uniforms: [0, 0, 0.5, 0.5, 0.5])
    #expect(result.emitted == [2])
    #expect(result.used == 5)
  }

  @Test func acceptedEndTokenEndsTheRound() throws {
    let result = try Self.round(
      target: [0.5, 0.5], draft: [0.5, 0.5], .speculative(depth: 3), uniforms: [0, 0.9, 0, 0.1, 0.1, 0.1],
      endToken: 1)
    // Drafted 0 1 0; the path ends at the end token, and nothing is drawn after it.
    #expect(result.emitted == [0, 1])
    #expect(result.used == 5)
  }

  @Test func shortScriptsAreNoticed() throws {
    let model = try MarkovModel.categorical([0.5, 0.5])
    let decoder = try Decoder(target: model, draft: model, method: .speculative(depth: 1))
    var session = decoder.makeSession()
    var choices = ScriptedChoices<Double>([0.3])
    try decoder.begin([], in: &session)
    try decoder.round(&session, using: &choices)
    #expect(choices.isExhausted)
    #expect(choices.used == 3)
  }

  @Test func floatAndDoubleAgreeOnDyadicLaws() throws {
    let rows = [[0.5, 0.25, 0.25], [0.125, 0.125, 0.75], [0.25, 0.5, 0.25]]
    func decoder<Scalar: ProbabilityScalar>(_ scalar: Scalar.Type) throws -> Decoder<
      MarkovModel<Scalar>, MarkovModel<Scalar>
    > {
      func model(_ order: [Int]) throws -> MarkovModel<Scalar> {
        var table: [[Token]: [Scalar]] = [:]
        for (token, row) in order.enumerated() {
          table[[token]] = rows[row].map { Scalar(nearest: Rational(exactly: $0)!) }
        }
        return try MarkovModel(vocabularySize: 3, order: 1, rows: table)
      }
      return try Decoder(
        target: model([0, 1, 2]), draft: model([1, 2, 0]), method: .rsdS(width: 2, depth: 2))
    }
    let (single, double) = (try decoder(Float.self), try decoder(Double.self))
    var singleSession = single.makeSession()
    var doubleSession = double.makeSession()
    for replicate in 0..<200 {
      var singleChoices = RandomChoices<Float, _>(Philox4x64(key: [1, 2], replicate: UInt64(replicate)))
      var doubleChoices = RandomChoices<Double, _>(Philox4x64(key: [1, 2], replicate: UInt64(replicate)))
      let left = try single.generate(6, from: [0], in: &singleSession, using: &singleChoices)
      let right = try double.generate(6, from: [0], in: &doubleSession, using: &doubleChoices)
      #expect(left == right)
    }
  }
}
