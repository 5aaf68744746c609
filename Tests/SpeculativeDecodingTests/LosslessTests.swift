import Probability
import SpeculativeDecoding
import Testing
import ToyModels

/// Pairs of exact models with the corners in them: zeros, one-hot rows, disjoint supports, equal laws, context.
enum ExactPairs {
  static func order1(_ rows: [[Rational]]) -> MarkovModel<Rational> {
    var table: [[Token]: [Rational]] = [[]: rows[0]]
    for (token, row) in rows.enumerated() { table[[token]] = row }
    return try! MarkovModel(vocabularySize: rows.count, order: 1, rows: table)
  }

  static func row(_ numerators: Int...) -> [Rational] {
    let sum = numerators.reduce(0, +)
    return numerators.map { Rational($0, sum) }
  }

  static let skewed = (
    target: order1([row(6, 3, 1), row(1, 1, 2), row(2, 5, 3)]),
    draft: order1([row(1, 2, 7), row(3, 3, 2), row(1, 1, 1)])
  )
  static let zeros = (
    target: order1([row(1, 0, 1), row(0, 0, 1), row(2, 1, 0)]),
    draft: order1([row(0, 1, 1), row(1, 1, 0), row(1, 0, 3)])
  )
  static let equal = (target: skewed.target, draft: skewed.target)
  static let binary = (
    target: order1([row(9, 1), row(1, 3)]), draft: order1([row(1, 9), row(2, 3)])
  )
  static let all = [("skewed", skewed), ("zeros", zeros), ("equal", equal), ("binary", binary)]
}

enum Methods {
  static let small: [DecodingMethod] = [
    .autoregressive, .speculative(depth: 1), .speculative(depth: 2), .specInfer(branching: [2]),
    .specInfer(branching: [2, 1]), .specTr(width: 2, depth: 1), .specTr(width: 2, depth: 2),
    .rsdC(branching: [2]), .rsdC(branching: [3]), .rsdC(branching: [2, 2]), .rsdS(width: 2, depth: 1),
    .rsdS(width: 2, depth: 2), .rsdS(width: 3, depth: 2), .rsdS(width: 2, depth: 3),
  ]
}

/// The exact law of the first `length` tokens, by enumerating all rounds jointly.
func enumeratedLaw(
  _ decoder: Decoder<MarkovModel<Rational>, MarkovModel<Rational>>, prompt: [Token], length: Int
) throws -> [[Token]: Rational] {
  var law: [[Token]: Rational] = [:]
  var choices = EnumeratedChoices<Rational>()
  var session = decoder.makeSession()
  repeat {
    let tokens = try decoder.generate(length, from: prompt, in: &session, using: &choices)
    law[tokens, default: .zero] += choices.weight
  } while choices.advance()
  return law
}

@Suite struct LosslessTests {
  @Test(arguments: Methods.small, ExactPairs.all.map(\.0))
  func oneRoundAndOneTokenMore(method: DecodingMethod, pair: String) throws {
    let models = ExactPairs.all.first { $0.0 == pair }!.1
    let decoder = try Decoder(target: models.target, draft: models.draft, method: method)
    // Depth 3 in rationals over several rounds is the proof corpus's work; here one token beyond the first.
    let length = method.draftLength >= 2 ? 2 : 3
    let law = try enumeratedLaw(decoder, prompt: [0], length: length)
    #expect(law.values.reduce(.zero, +) == .one)
    let exact = try SequenceLaw(of: models.target, after: [0], length: length)
    #expect(law == exact.table)
  }
}
