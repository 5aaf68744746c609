import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct SequenceLawTests {
  @Test(arguments: Sizes.all, [1, 3, 4])
  func probabilitiesAreProductsOfRowsAndSumToOne(size: (Int, Int), length: Int) throws {
    let (vocabulary, order) = size
    var random = RandomModels(seed: 21)
    let rows = random.rows(vocabulary: vocabulary, order: order)
    let model = try MarkovModel(vocabularySize: vocabulary, order: order, rows: rows)
    for prompt in [[], [0], [vocabulary - 1, 0, 0], [0, 0, vocabulary - 1, 0]] {
      let law = try SequenceLaw(of: model, after: prompt, length: length)
      #expect(law.probabilities.reduce(.zero, +) == .one)
      // The naive twin: every sequence, each token's probability read from the rows that made the model.
      var expected: [[Token]: Rational] = [:]
      for sequence in RandomModels.contexts(length, vocabulary) {
        var probability = Rational.one
        for (index, token) in sequence.enumerated() {
          let context = Array((prompt + sequence.prefix(index)).suffix(order))
          probability = try probability * #require(rows[context])[token]
        }
        if probability > .zero { expected[sequence] = probability }
      }
      #expect(law.table == expected)
      #expect(law.sequences == expected.keys.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }

  @Test(arguments: [0, 1, 2])
  func sequencesStopAfterTheEndToken(endToken: Token) throws {
    var random = RandomModels(seed: 22)
    let model = try random.model(vocabulary: 3, order: 1)
    let whole = try SequenceLaw(of: model, after: [0], length: 4)
    let cut = try SequenceLaw(of: model, after: [0], length: 4, endToken: endToken)
    // Cutting each whole sequence after its first end token must give the same law.
    var expected: [[Token]: Rational] = [:]
    for (sequence, probability) in whole.table {
      let end = sequence.firstIndex(of: endToken).map { $0 + 1 } ?? sequence.count
      expected[Array(sequence[..<end]), default: .zero] += probability
    }
    #expect(cut.table == expected)
    #expect(cut.sequences.contains { $0.count < 4 })
  }

  @Test func aLawOfNothingIsRefused() throws {
    let model = try MarkovModel<Rational>.categorical([1])
    #expect(throws: SpeculativeDecodingError.nothingToDecode) {
      try SequenceLaw(of: model, after: [], length: 0)
    }
  }

  @Test func promptsAreChecked() throws {
    let model = try MarkovModel<Rational>.categorical([Rational(1, 2), Rational(1, 2)])
    #expect(throws: SpeculativeDecodingError.tokenOutOfRange(token: 2, vocabulary: 2, place: "prompt")) {
      try SequenceLaw(of: model, after: [0, 2], length: 1)
    }
    #expect(throws: SpeculativeDecodingError.tokenOutOfRange(token: -1, vocabulary: 2, place: "prompt")) {
      try SequenceLaw(of: model, after: [-1], length: 1)
    }
  }

  @Test func theLimitIsExactAndMetBeforeListing() throws {
    let fair = try MarkovModel<Rational>.categorical([Rational(1, 2), Rational(1, 2)])
    #expect(try SequenceLaw(of: fair, after: [], length: 5, limit: 32).sequences.count == 32)
    // With an end token: 1 + 1 + 1 + 1 sequences that end, and one that does not.
    #expect(try SequenceLaw(of: fair, after: [], length: 4, endToken: 0, limit: 5).sequences.count == 5)
    for (length, endToken, limit) in [(5, nil, 31), (4, 0, 4), (1_000_000, nil, 1 << 20)] as [(Int, Token?, Int)] {
      let line = "the law of \(length) tokens has more than \(limit) sequences; test fewer tokens, or set a top-k"
      #expect(throws: SpeculativeDecodingError.model(line)) {
        try SequenceLaw(of: fair, after: [], length: length, endToken: endToken, limit: limit)
      }
    }
  }
}
