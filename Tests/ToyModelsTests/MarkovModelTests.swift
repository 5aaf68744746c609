import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct MarkovModelTests {
  @Test(arguments: Sizes.all)
  func lawsAreTheRowsOfTheLastTokens(vocabulary: Int, order: Int) throws {
    var random = RandomModels(seed: 31)
    let rows = random.rows(vocabulary: vocabulary, order: order)
    let model = try MarkovModel(vocabularySize: vocabulary, order: order, rows: rows)
    #expect(model.rows == rows)
    for length in 0...order + 2 {
      for context in RandomModels.contexts(length, vocabulary) {
        #expect(model.law(after: context) == rows[context.suffix(order)])
      }
    }
    #expect(model.law(after: Array(repeating: 0, count: order) + [vocabulary]) == (order == 0 ? rows[[]] : nil))
  }

  static let profiles: [SamplingProfile] = [
    .plain,
    try! SamplingProfile(temperature: 0.5), try! SamplingProfile(temperature: 0), try! SamplingProfile(topK: 2),
    try! SamplingProfile(topP: 0.6), try! SamplingProfile(minP: 0.5),
    try! SamplingProfile(temperature: 0.25, topK: 3, topP: 0.9, minP: 0.1),
  ]

  @Test(arguments: Sizes.all, profiles)
  func profilesShapeEveryRow(size: (Int, Int), profile: SamplingProfile) throws {
    let (vocabulary, order) = size
    var random = RandomModels(seed: 32)
    let model = try random.model(vocabulary: vocabulary, order: order)
    let shaped = try model.applying(profile)
    for (context, row) in model.rows { #expect(try shaped.rows[context] == profile.applied(to: row)) }
    #expect(shaped.rows.count == model.rows.count)
    try expectEqualLaws(shaped, ProfiledModel(model, profile: profile), order: order)
  }

  @Test(arguments: Sizes.all, [1.3, 0.7])
  func profilesShapeDoublesAlike(size: (Int, Int), temperature: Double) throws {
    let (vocabulary, order) = size
    var random = RandomModels(seed: 33)
    let model = try random.model(vocabulary: vocabulary, order: order).converted(to: Double.self)
    let profile = try SamplingProfile(temperature: temperature, topP: 0.8)
    try expectEqualLaws(model.applying(profile), ProfiledModel(model, profile: profile), order: order)
  }

  /// Both models after every context of up to one token more than the order, through the protocol's own calls.
  private func expectEqualLaws<Scalar: ProbabilityScalar>(
    _ left: some LanguageModel<Scalar>, _ right: some LanguageModel<Scalar>, order: Int
  ) throws {
    func law(_ model: some LanguageModel<Scalar>, _ prompt: [Token]) throws -> [Scalar] {
      var context = model.makeContext()
      try model.begin(prompt, in: &context)
      var laws = LawTable<Scalar>(vocabularySize: model.vocabularySize)
      laws.reserve(rows: 1)
      try model.evaluate(0..<1, of: TokenTree(), in: &context, into: &laws)
      return laws.law(ofRow: 0)
    }
    for length in 0...order + 1 {
      for prompt in RandomModels.contexts(length, left.vocabularySize) {
        #expect(try law(left, prompt) == law(right, prompt))
      }
    }
  }

  @Test(arguments: Sizes.all)
  func dyadicModelsConvertWithoutLoss(vocabulary: Int, order: Int) throws {
    var random = RandomModels(seed: 34)
    var rows: [[Token]: [Rational]] = [:]
    for context in random.rows(vocabulary: vocabulary, order: order).keys {
      // Sixteenths, so that a float holds them.
      var units = [Int](repeating: 0, count: vocabulary)
      for _ in 0..<16 { units[random.below(vocabulary)] += 1 }
      rows[context] = units.map { Rational($0, 16) }
    }
    let model = try MarkovModel(vocabularySize: vocabulary, order: order, rows: rows)
    let float = try model.converted(to: Float.self)
    #expect(float.rows == rows.mapValues { $0.map { Float($0.approximation) } })
    #expect(try float.converted(to: Rational.self).rows == rows)
    #expect(try float.converted(to: Double.self).converted(to: Rational.self).rows == rows)
  }

  @Test(arguments: Sizes.all)
  func otherModelsConvertToTheNearestLaw(vocabulary: Int, order: Int) throws {
    var random = RandomModels(seed: 35)
    let model = try random.model(vocabulary: vocabulary, order: order)
    let float = try model.converted(to: Float.self)
    let double = try model.converted(to: Double.self)
    // A float's exact values do not sum to one in general: the rational row is that of their ratios.
    let back = try float.converted(to: Rational.self)
    for (context, row) in model.rows {
      let exact = try #require(back.rows[context])
      #expect(exact.reduce(.zero, +) == .one)
      for token in 0..<vocabulary {
        #expect(abs(double.rows[context]![token] - row[token].approximation) <= 2 * 0x1p-53)
        #expect(abs(Double(float.rows[context]![token]) - row[token].approximation) <= 2 * 0x1p-24)
        #expect((exact[token] - row[token]).magnitudeApproximation <= 4 * 0x1p-24)
        #expect((exact[token] == .zero) == (row[token] == .zero))
      }
    }
  }

  @Test func errorsNameTheRow() throws {
    let half = Rational(1, 2)
    #expect(throws: ToyModelError.row("1", reason: .wrongSum("3/4", tolerance: 0))) {
      try MarkovModel(vocabularySize: 2, order: 1, rows: [[0]: [half, half], [1]: [half, Rational(1, 4)]])
    }
    #expect(throws: ToyModelError.row("", reason: .notFinite(outcome: 1))) {
      try MarkovModel.categorical([0.5, Double.nan])
    }
    #expect(throws: ToyModelError.row("", reason: .notFinite(outcome: 0))) {
      try MarkovModel.categorical([Float.infinity, 0])
    }
    #expect(throws: ToyModelError.vocabulary(0)) { try MarkovModel<Double>.categorical([]) }
    #expect(throws: ToyModelError.unknownRow("0 0")) {
      try MarkovModel(vocabularySize: 1, order: 1, rows: [[0]: [1.0], [0, 0]: [1.0]])
    }
    #expect(throws: ToyModelError.unknownRow("-1")) {
      try MarkovModel(vocabularySize: 1, order: 1, rows: [[0]: [1.0], [-1]: [1.0]])
    }
  }
}

extension Rational {
  fileprivate var magnitudeApproximation: Double { abs(approximation) }
}
