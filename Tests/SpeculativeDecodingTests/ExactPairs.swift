import Probability
import SpeculativeDecoding
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

  /// A model whose law is the same after every token.
  static func categorical(_ weights: Int...) -> MarkovModel<Rational> {
    let sum = weights.reduce(0, +)
    return try! .categorical(weights.map { Rational($0, sum) })
  }

  static func decoder(
    _ target: MarkovModel<Rational>, _ draft: MarkovModel<Rational>, _ method: DecodingMethod
  ) throws -> ExactDecoder {
    try ExactDecoder(target: target, draft: draft, method: method)
  }

  /// One round of the guides: the anti-correlated pair after token 0.
  static func guideRound(_ method: DecodingMethod) throws -> RoundLaw {
    try decoder(antiCorrelated.target, antiCorrelated.draft, method).roundLaw(after: [0])
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
  /// The suite's anti-correlated pair, which the guides decode: the draft likes what the target does not.
  static let antiCorrelated = (
    target: order1([row(12, 6, 2), row(3, 6, 11), row(8, 10, 2)]),
    draft: order1([row(2, 5, 13), row(12, 6, 2), row(3, 3, 14)])
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

typealias ExactDecoder = Decoder<MarkovModel<Rational>, MarkovModel<Rational>>
