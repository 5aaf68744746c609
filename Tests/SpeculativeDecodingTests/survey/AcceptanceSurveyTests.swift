import Probability
@testable import SpeculativeDecoding
import Testing
import ToyModels

/// A round that ends once its tree is there, so that only drafting has branches.
private struct TreesAlone: RoundSteps {
  typealias Scalar = Rational
  var survey: AcceptanceSurvey<Rational>

  mutating func willVerify(_ workspace: inout Workspace<Rational>) { survey.willVerify(&workspace) }
  mutating func accepts<Source: Choices>(
    _ child: Int, in workspace: inout Workspace<Rational>, using choices: inout Source
  ) -> Bool where Source.Scalar == Rational { false }
  mutating func reject(_ child: Int, in workspace: inout Workspace<Rational>) {}
  mutating func exclude(_ token: Token, in workspace: inout Workspace<Rational>) {}
  mutating func finalToken<Source: Choices>(
    after node: Int, purpose: UniformPurpose, in workspace: inout Workspace<Rational>, using choices: inout Source
  ) -> Token where Source.Scalar == Rational { 0 }
}

@Suite struct AcceptanceSurveyTests {
  /// Averaged over every tree of the large shape, each part's estimate is that part's own block efficiency, exactly known.
  @Test(arguments: [
    DecodingMethod.speculative(depth: 3), .rsdS(width: 3, depth: 2), .rsdS(width: 2, depth: 3),
    .rsdC(branching: [3, 2]), .specInfer(branching: [2, 2]), .specTr(width: 3, depth: 2),
  ])
  func everyPartIsTheSmallerTree(method: DecodingMethod) throws {
    let models = ExactPairs.skewed
    let decoder = try ExactDecoder(target: models.target, draft: models.draft, method: method)
    var choices = EnumeratedChoices<Rational>()
    var session = decoder.makeSession()
    var sums: [DecodingMethod: Double] = [:]
    repeat {
      try decoder.begin([0], in: &session)
      var steps = TreesAlone(survey: AcceptanceSurvey(of: method))
      try decoder.round(&session, steps: &steps, using: &choices)
      for estimate in steps.survey.estimates {
        sums[estimate.method, default: 0] += choices.weight.approximation * estimate.tokensPerRound
      }
    } while choices.advance()
    #expect(sums.count >= method.draftLength && sums[method] != nil)
    for (part, sum) in sums {
      let exact = try ExactDecoder(target: models.target, draft: models.draft, method: part).roundLaw(after: [0])
      #expect(abs(sum - exact.blockEfficiency.approximation) < 1e-12, "\(part.rule) \(part.shape)")
    }
  }

  /// The round that is surveyed is the one that would have been run without.
  @Test func theRoundIsNotTouched() throws {
    let models = ExactPairs.skewed
    for method in [DecodingMethod.rsdS(width: 3, depth: 3), .specTr(width: 3, depth: 2), .rsdC(branching: [2, 2])] {
      let decoder = try Decoder(
        target: models.target.converted(to: Double.self), draft: models.draft.converted(to: Double.self), method: method
      )
      var (one, other) = (decoder.makeSession(), decoder.makeSession())
      var (left, right) = (
        RandomChoices<Double, _>(Philox4x64(key: [1, 2])), RandomChoices<Double, _>(Philox4x64(key: [1, 2]))
      )
      var survey = AcceptanceSurvey<Double>(of: method)
      try decoder.begin([0], in: &one)
      try decoder.begin([0], in: &other)
      for _ in 0..<200 {
        try decoder.round(&one, steps: &survey, using: &left)
        try decoder.round(&other, using: &right)
        #expect(Array(one.workspace.emitted) == Array(other.workspace.emitted))
      }
      #expect(one.diagnostics == other.diagnostics && survey.rounds == 200)
    }
  }

  /// What is evaluated of a part: its levels, no more than its width, and repeats not counted.
  @Test func countsWhatIsEvaluated() throws {
    let models = ExactPairs.skewed
    for method in [
      DecodingMethod.rsdS(width: 3, depth: 3), .specTr(width: 3, depth: 2), .specInfer(branching: [3, 2]),
    ] {
      let decoder = try Decoder(
        target: models.target.converted(to: Double.self), draft: models.draft.converted(to: Double.self), method: method
      )
      var session = decoder.makeSession()
      var choices = RandomChoices<Double, _>(Philox4x64(key: [3, 4]))
      var survey = AcceptanceSurvey<Double>(of: method)
      try decoder.begin([0], in: &session)
      for _ in 0..<50 { try decoder.round(&session, steps: &survey, using: &choices) }
      for estimate in survey.estimates {
        #expect(estimate.evaluated.count == estimate.method.draftLength)
        let all = estimate.evaluated.reduce(0, +)
        #expect(all > 0 && all <= Double(estimate.method.budget))
        #expect((1 - 1e-9...1 + Double(estimate.method.draftLength) + 1e-9).contains(estimate.tokensPerRound))
      }
      let whole = try #require(survey.estimates.first { $0.method == method })
      #expect(abs(whole.evaluated.reduce(0, +) * 50 - Double(session.diagnostics.draftedTokens)) < 1e-9)
    }
  }

  /// The standard error is that of the rounds one by one.
  @Test(arguments: [DecodingMethod.rsdS(width: 2, depth: 3), .specTr(width: 3, depth: 2), .speculative(depth: 2)])
  func theStandardErrorIsThatOfTheRounds(method: DecodingMethod) throws {
    let models = ExactPairs.skewed
    let decoder = try Decoder(
      target: models.target.converted(to: Double.self), draft: models.draft.converted(to: Double.self), method: method)
    var session = decoder.makeSession()
    var choices = RandomChoices<Double, _>(Philox4x64(key: [5, 6]))
    var survey = AcceptanceSurvey<Double>(of: method)
    var single: [DecodingMethod: [Double]] = [:]
    try decoder.begin([0], in: &session)
    for round in 0..<20 {
      var (copy, sameChoices) = (session, choices)
      var one = AcceptanceSurvey<Double>(of: method)
      try decoder.round(&copy, steps: &one, using: &sameChoices)
      for estimate in one.estimates {
        single[estimate.method, default: []].append(estimate.tokensPerRound)
        #expect(estimate.standardError == .infinity)
      }
      try decoder.round(&session, steps: &survey, using: &choices)
      #expect(survey.rounds == round + 1)
    }
    for estimate in survey.estimates {
      let rounds = try #require(single[estimate.method])
      let mean = rounds.reduce(0, +) / 20
      let squares = rounds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs(estimate.tokensPerRound - mean) < 1e-12)
      #expect(abs(estimate.standardError - (squares / 19 / 20).squareRoot()) < 1e-9)
      #expect(estimate.standardError > 0)
    }
  }
}
