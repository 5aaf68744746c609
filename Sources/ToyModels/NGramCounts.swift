import Probability
import SpeculativeDecoding

/// The character n-grams of a text, and the interpolated model that they make.
///
/// The law after a context c₁…cₙ mixes the relative frequencies of all shorter contexts and the uniform law:
/// λₙ·f(x | c₁…cₙ) + … + λ₁·f(x | cₙ) + λ₀·f(x) + λᵤ/V. A context that the text lacks gives its share to the
/// next shorter one.
/// - Source: Jelinek and Mercer, "Interpolated estimation of Markov source parameters from sparse data", 1980.
public struct NGramCounts: Sendable {
  /// The characters, in token order.
  public let alphabet: [Character]
  /// The longest context counted.
  public let order: Int
  private let counts: [[Token]: [Int]]

  /// The letters a…z and the space: capitals are folded, every other run becomes one space.
  public static let letters: [Character] = Array(" abcdefghijklmnopqrstuvwxyz")

  /// Counts the n-grams of a text over ``letters``.
  ///
  /// - Throws: ``ToyModelError/text(_:)`` where nothing is left to count.
  public init(of text: String, order: Int) throws(ToyModelError) {
    guard order >= 0 else { throw .order(order: order, vocabulary: Self.letters.count) }
    alphabet = Self.letters
    self.order = order
    var tokens: [Token] = []
    for byte in text.utf8 {
      let lower = byte | 0x20
      let token = (0x61...0x7A).contains(lower) && byte >= 0x41 ? Int(lower) - 0x60 : 0
      if token != 0 || tokens.last != 0 { tokens.append(token) }
    }
    guard tokens.count > order else {
      throw .text("the text has \(tokens.count) characters; n-grams of order \(order) need more")
    }
    var counts: [[Token]: [Int]] = [:]
    for position in tokens.indices {
      for length in 0...min(order, position) {
        let context = Array(tokens[position - length..<position])
        counts[context, default: Array(repeating: 0, count: Self.letters.count)][tokens[position]] += 1
      }
    }
    self.counts = counts
  }

  /// The interpolated model, exact, or with each law rounded to multiples of 1 / `resolution`.
  ///
  /// - Parameters:
  ///   - weights: λᵤ for the uniform law, λ₀ for single characters, … up to the longest context wanted; at least
  ///     one, positive.
  ///   - resolution: rounds each law by largest remainders, so that fractions are short and rows still exact; at
  ///     least 1.
  /// - Throws: ``ToyModelError/text(_:)`` for weights that are no mixture or a resolution below 1, and
  ///   ``ToyModelError`` for a table that would be too large.
  public func model(weights: [Int], resolution: Int? = nil) throws(ToyModelError) -> MarkovModel<Rational> {
    guard weights.count >= 2, weights.count <= order + 2, weights.allSatisfy({ $0 > 0 }) else {
      throw .text("interpolation takes 2 to \(order + 2) positive weights, the uniform law's first")
    }
    if let resolution, resolution < 1 {
      throw .text("resolution \(resolution) leaves no multiple to round to; it must be at least 1")
    }
    let longest = weights.count - 2
    var rows: [[Token]: [Rational]] = [:]
    for length in 0...longest {
      for context in MarkovModel<Rational>.contexts(length: length, vocabularySize: alphabet.count) {
        let law = interpolated(after: context, weights: weights)
        rows[context] = resolution.map { Self.rounded(law, toMultiplesOf: $0) } ?? law
      }
    }
    return try MarkovModel(vocabularySize: alphabet.count, order: longest, rows: rows)
  }

  private func interpolated(after context: [Token], weights: [Int]) -> [Rational] {
    var law = [Rational](repeating: Rational(1, alphabet.count), count: alphabet.count)
    var mass = weights[0]
    for length in 0...context.count {
      guard let row = counts[Array(context.suffix(length))] else { break }
      let total = row.reduce(0, +)
      let share = Rational(weights[length + 1], mass + weights[length + 1])
      mass += weights[length + 1]
      for token in law.indices {
        law[token] = (.one - share) * law[token] + share * Rational(row[token], total)
      }
    }
    return law
  }

  /// The nearest law in multiples of 1 / `resolution`, by largest remainders, ties to lower tokens.
  static func rounded(_ law: [Rational], toMultiplesOf resolution: Int) -> [Rational] {
    let scaled = law.map { ($0 * Rational(resolution)).approximation }
    var units = scaled.map { Int($0.rounded(.down)) }
    let order = law.indices.sorted {
      let (left, right) = (scaled[$0] - scaled[$0].rounded(.down), scaled[$1] - scaled[$1].rounded(.down))
      return left > right || (left == right && $0 < $1)
    }
    let missing = resolution - units.reduce(0, +)
    for token in order.prefix(missing) { units[token] += 1 }
    return units.map { Rational($0, resolution) }
  }
}
