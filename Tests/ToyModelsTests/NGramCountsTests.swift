import EmbeddedFixtures
import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct NGramCountsTests {
  /// The text over the alphabet, by `Character` and `String` alone: the naive twin of the counter's bytes.
  static func folded(_ text: String) -> String {
    var result = ""
    for character in text {
      let letter = character.lowercased()
      if "abcdefghijklmnopqrstuvwxyz".contains(letter) {
        result += letter
      } else if result.last != " " {
        result += " "
      }
    }
    return result
  }

  static let genesis = folded(EmbeddedFixtures.genesis)

  /// f(x | c) by looking at every position of the text.
  static func frequency(of token: Token, after context: [Token], in text: [Token]) -> Rational? {
    var (hits, total) = (0, 0)
    for position in context.count..<text.count
    where Array(text[position - context.count..<position]) == context {
      total += 1
      if text[position] == token { hits += 1 }
    }
    return total == 0 ? nil : Rational(hits, total)
  }

  static func tokens(_ text: String) -> [Token] { text.map { NGramCounts.letters.firstIndex(of: $0)! } }

  @Test func theAlphabetIsTheSpaceAndTheLetters() throws {
    #expect(String(NGramCounts.letters) == " abcdefghijklmnopqrstuvwxyz")
    #expect(try NGramCounts(of: "a", order: 0).alphabet == NGramCounts.letters)
  }

  @Test func lawsOfGenesisAreInterpolatedFrequencies() throws {
    let text = Self.tokens(Self.genesis)
    // The fixture is known by its hash; its folded length is a fact of the text.
    #expect(text.count > 40_000)
    let model = try NGramCounts(of: EmbeddedFixtures.genesis, order: 2).model(weights: [1, 2, 3, 4])
    let q = Self.tokens("q")[0]
    for context in ["", "t", "q", " ", "th", " z", "qu", "qz"].map(Self.tokens) {
      let law = try #require(model.law(after: context))
      #expect(law.reduce(.zero, +) == .one)
      for token in [0, q, 5, 20, 26] {
        // λ over the contexts that the text has, the shorter taking the longer's share where it lacks them.
        var (expected, mass) = (Rational(1, 27), 1)
        for length in 0...context.count {
          guard let frequency = Self.frequency(of: token, after: context.suffix(length), in: text) else { break }
          let weight = length + 2
          expected = (Rational(mass) * expected + Rational(weight) * frequency) / Rational(mass + weight)
          mass += weight
        }
        #expect(law[token] == expected)
      }
    }
    // "q" is always followed by "u" in English: a fact that any slip of the context's order would break.
    #expect(try #require(model.law(after: [q]))[21] > Rational(1, 2))
  }

  @Test func everyRowOfGenesisSumsToOne() throws {
    let counts = try NGramCounts(of: EmbeddedFixtures.genesis, order: 2)
    #expect(counts.order == 2)
    for model in [
      try counts.model(weights: [1, 4]), try counts.model(weights: [1, 4, 15]),
      try counts.model(weights: [1, 4, 15], resolution: 4096),
    ] {
      for row in model.rows.values {
        #expect(row.reduce(.zero, +) == .one)
        #expect(row.count == 27)
      }
    }
    #expect(try counts.model(weights: [1, 4]).order == 0)
    let longest = try counts.model(weights: [1, 1, 1, 1])
    #expect(longest.order == 2 && longest.rows.count == 1 + 27 + 27 * 27)
  }

  @Test func roundingIsByLargestRemainders() throws {
    let counts = try NGramCounts(of: "aab", order: 1)
    let exact = try counts.model(weights: [1, 4, 15]).rows
    let rounded = try counts.model(weights: [1, 4, 15], resolution: 50).rows
    for (context, row) in rounded {
      let law = try #require(exact[context])
      for token in row.indices {
        #expect((row[token] * 50).denominator == 1)
        // Largest remainders move no entry by a whole unit.
        let difference = (row[token] - law[token]) * 50
        #expect(difference < 1 && Rational(-1) < difference)
      }
    }
  }

  @Test func otherCharactersAreOneSpace() throws {
    // Token 0 is the space; é, 👍, digits and the brackets next to the letters in ASCII are no letters.
    let texts = ["aB  c", "Ab\n\tC", "ab, 12 c", "abé👍c", "ab@[`{c"]
    let models = try texts.map { try NGramCounts(of: $0, order: 1).model(weights: [1, 1, 1]).rows }
    for model in models { #expect(model == models[0]) }
    let law = try #require(models[0][[2]])
    // After b comes a space, once of once: 1/3 of the law, beside 1/3 of the frequency 1/4 and of 1/27.
    #expect(law[0] == (Rational(1, 27) + Rational(1, 4) + 1) / 3)
  }

  @Test func contextsThatTheTextLacksFallBack() throws {
    let model = try NGramCounts(of: "abab", order: 1).model(weights: [1, 2, 3])
    #expect(model.law(after: [26]) == model.law(after: []))
    #expect(model.law(after: [1]) != model.law(after: []))
  }

  static let errors: [(weights: [Int], resolution: Int?, line: String)] = [
    ([], nil, "interpolation takes 2 to 3 positive weights, the uniform law's first"),
    ([1], nil, "interpolation takes 2 to 3 positive weights, the uniform law's first"),
    ([1, 0, 1], nil, "interpolation takes 2 to 3 positive weights, the uniform law's first"),
    ([1, -1], nil, "interpolation takes 2 to 3 positive weights, the uniform law's first"),
    ([1, 1, 1, 1], nil, "interpolation takes 2 to 3 positive weights, the uniform law's first"),
    ([1, 1], 0, "resolution 0 leaves no multiple to round to; it must be at least 1"),
  ]

  @Test(arguments: errors)
  func mixturesAreChecked(weights: [Int], resolution: Int?, line: String) throws {
    let counts = try NGramCounts(of: "in the beginning", order: 1)
    #expect(throws: ToyModelError.text(line)) { try counts.model(weights: weights, resolution: resolution) }
  }

  @Test func textsMustBeLongEnough() throws {
    #expect(throws: ToyModelError.text("the text has 0 characters; n-grams of order 0 need more")) {
      try NGramCounts(of: "", order: 0)
    }
    #expect(throws: ToyModelError.text("the text has 2 characters; n-grams of order 2 need more")) {
      try NGramCounts(of: "ab", order: 2)
    }
    #expect(throws: ToyModelError.order(order: -1, vocabulary: 27)) { try NGramCounts(of: "ab", order: -1) }
  }
}
