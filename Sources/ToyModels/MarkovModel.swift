import Probability
import SpeculativeDecoding

/// The limits of a table, whatever its scalar.
public enum MarkovModelLimits {
  /// The most probabilities that a table may hold: rows times vocabulary.
  public static let maximumEntries = 1 << 24
  /// The longest context: with two tokens the table is full before.
  public static let maximumOrder = 24
}

/// A table of laws after the last `order` tokens; order 0 is a categorical model.
///
/// A shorter context, at the start of a text, is served by the rows of its own length, where the model has them.
public struct MarkovModel<Scalar: ProbabilityScalar>: LanguageModel {
  /// Tokens in the vocabulary.
  public let vocabularySize: Int
  /// How many of the last tokens a law depends on.
  public let order: Int

  /// Laws, flat: shape [state][vocabulary].
  ///
  /// States are contexts of length 0, then 1, …, then `order`.
  @usableFromInline let laws: [Scalar]
  /// The state after a token: shape [state][vocabulary].
  @usableFromInline let transitions: [Int32]
  /// The first state of each context length, and the number of states at the end.
  @usableFromInline let offsets: [Int]
  /// Whether contexts of each length have laws.
  @usableFromInline let isServed: [Bool]

  /// A model from its rows, keyed by context.
  ///
  /// - Parameter rows: every context of `order` tokens; those of a shorter length all or none.
  /// - Throws: ``ToyModelError`` for a missing, unknown or invalid row, or a table too large.
  public init(
    vocabularySize: Int, order: Int, rows: [[Token]: [Scalar]]
  ) throws(ToyModelError) {
    guard vocabularySize >= 1 else { throw .vocabulary(vocabularySize) }
    let offsets = try Self.offsets(vocabularySize: vocabularySize, order: order)
    self.vocabularySize = vocabularySize
    self.order = order
    self.offsets = offsets

    var laws = [Scalar](repeating: .zero, count: offsets[order + 1] * vocabularySize)
    var filled = [Int](repeating: 0, count: order + 1)
    for key in rows.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      guard key.count <= order, key.allSatisfy((0..<vocabularySize).contains) else {
        throw .unknownRow(Self.name(of: key))
      }
      let row = rows[key] ?? []
      guard row.count == vocabularySize else {
        throw .rowLength(Self.name(of: key), entries: row.count, vocabulary: vocabularySize)
      }
      do {
        let law = try FiniteLaw(row)
        let state = offsets[key.count] + key.reduce(0) { $0 * vocabularySize + $1 }
        for token in 0..<vocabularySize { laws[state * vocabularySize + token] = law[token] }
      } catch {
        throw .row(Self.name(of: key), reason: error)
      }
      filled[key.count] += 1
    }
    for length in 0...order where filled[length] != offsets[length + 1] - offsets[length] {
      // Shorter contexts are optional as a whole; a gap within a length is a slip.
      if length < order, filled[length] == 0 { continue }
      let codes = 0..<(offsets[length + 1] - offsets[length])
      let contexts = codes.lazy.map { Self.context($0, length: length, vocabularySize: vocabularySize) }
      throw .missingRow(Self.name(of: contexts.first { rows[$0] == nil } ?? []))
    }
    self.laws = laws
    isServed = filled.map { $0 > 0 }
    transitions = Self.transitions(vocabularySize: vocabularySize, order: order, offsets: offsets)
  }

  init(
    vocabularySize: Int, order: Int, laws: [Scalar], transitions: [Int32], offsets: [Int], isServed: [Bool]
  ) {
    self.vocabularySize = vocabularySize
    self.order = order
    self.laws = laws
    self.transitions = transitions
    self.offsets = offsets
    self.isServed = isServed
  }

  private static func offsets(vocabularySize: Int, order: Int) throws(ToyModelError) -> [Int] {
    guard (0...MarkovModelLimits.maximumOrder).contains(order) else {
      throw .order(order: order, vocabulary: vocabularySize)
    }
    var offsets = [0]
    var states = 1
    for _ in 0...order {
      let end = offsets[offsets.count - 1] + states
      guard end <= MarkovModelLimits.maximumEntries / vocabularySize else {
        throw .order(order: order, vocabulary: vocabularySize)
      }
      offsets.append(end)
      states *= vocabularySize
    }
    return offsets
  }

  private static func transitions(vocabularySize: Int, order: Int, offsets: [Int]) -> [Int32] {
    var transitions: [Int32] = []
    transitions.reserveCapacity(offsets[order + 1] * vocabularySize)
    for length in 0...order {
      let count = offsets[length + 1] - offsets[length]
      for code in 0..<count {
        for token in 0..<vocabularySize {
          let next =
            length < order
            ? offsets[length + 1] + code * vocabularySize + token
            : offsets[order] + (order == 0 ? 0 : (code * vocabularySize + token) % count)
          transitions.append(Int32(next))
        }
      }
    }
    return transitions
  }

  static func name(of context: [Token]) -> String { context.map(String.init).joined(separator: " ") }

  /// All contexts of a length, in order.
  static func contexts(length: Int, vocabularySize: Int) -> [[Token]] {
    let count = (0..<length).reduce(1) { count, _ in count * vocabularySize }
    return (0..<count).map { context($0, length: length, vocabularySize: vocabularySize) }
  }

  /// The context with a number: its tokens are the digits, the oldest first.
  private static func context(_ code: Int, length: Int, vocabularySize: Int) -> [Token] {
    var context = [Token](repeating: 0, count: length)
    var rest = code
    for index in context.indices.reversed() {
      context[index] = rest % vocabularySize
      rest /= vocabularySize
    }
    return context
  }
}

extension MarkovModel {
  /// A model whose law does not depend on the context.
  ///
  /// - Throws: ``ToyModelError/row(_:reason:)`` where the probabilities are no law.
  public static func categorical(_ probabilities: [Scalar]) throws(ToyModelError) -> MarkovModel {
    try MarkovModel(vocabularySize: probabilities.count, order: 0, rows: [[]: probabilities])
  }

  /// The law after a context of which only the last `order` tokens count; `nil` where no row serves it.
  public func law(after context: [Token]) -> [Scalar]? {
    let key = context.suffix(order)
    guard isServed[key.count], key.allSatisfy((0..<vocabularySize).contains) else { return nil }
    let state = offsets[key.count] + key.reduce(0) { $0 * vocabularySize + $1 }
    return Array(laws[state * vocabularySize..<(state + 1) * vocabularySize])
  }

  /// The rows of the model, keyed by context.
  public var rows: [[Token]: [Scalar]] {
    var rows: [[Token]: [Scalar]] = [:]
    for length in 0...order where isServed[length] {
      for context in Self.contexts(length: length, vocabularySize: vocabularySize) {
        rows[context] = law(after: context)
      }
    }
    return rows
  }

  /// The same model with every law shaped by a profile: ``ProfiledModel``, computed once.
  ///
  /// - Throws: what ``SamplingProfile/applied(to:)`` throws.
  public func applying(_ profile: SamplingProfile) throws(SpeculativeDecodingError) -> MarkovModel {
    if profile.isPlain { return self }
    return try mappingLaws { law throws(SpeculativeDecodingError) in try profile.applied(to: law) }
  }

  /// The same contexts with other laws.
  ///
  /// - Parameter transform: gives a law over the same vocabulary for each law.
  /// - Throws: what `transform` throws.
  public func mappingLaws(
    _ transform: ([Scalar]) throws(SpeculativeDecodingError) -> [Scalar]
  ) throws(SpeculativeDecodingError) -> MarkovModel {
    var mapped = laws
    for length in 0...order where isServed[length] {
      for state in offsets[length]..<offsets[length + 1] {
        let row = state * vocabularySize..<(state + 1) * vocabularySize
        mapped.replaceSubrange(row, with: try transform(Array(laws[row])))
      }
    }
    return MarkovModel(
      vocabularySize: vocabularySize, order: order, laws: mapped, transitions: transitions,
      offsets: offsets, isServed: isServed)
  }

  /// The same model in another scalar: values are rounded to nearest, and rows divided by their sum.
  ///
  /// The exact values of floats need not sum to one: in rationals such a row is that of their exact ratios.
  /// - Throws: ``ToyModelError/row(_:reason:)`` where a value is not finite in the other scalar.
  public func converted<Other: ProbabilityScalar>(to scalar: Other.Type) throws(ToyModelError) -> MarkovModel<Other> {
    var converted: [[Token]: [Other]] = [:]
    for (context, row) in rows {
      var values: [Other] = []
      for (token, value) in row.enumerated() {
        guard let exact = value.exact else {
          throw .row(Self.name(of: context), reason: .notFinite(outcome: token))
        }
        values.append(Other(nearest: exact))
      }
      do {
        converted[context] = try FiniteLaw(weights: values).probabilities
      } catch {
        throw .row(Self.name(of: context), reason: error)
      }
    }
    return try MarkovModel<Other>(vocabularySize: vocabularySize, order: order, rows: converted)
  }
  /// The exact model that this one stands for: each value as a fraction, each row divided by its exact sum.
  ///
  /// - Throws: ``ToyModelError/row(_:reason:)`` where a value is not finite.
  public func exactlyNormalised() throws(ToyModelError) -> MarkovModel<Rational> {
    var exact: [[Token]: [Rational]] = [:]
    for (context, row) in rows {
      do {
        exact[context] = try FiniteLaw(weights: row.map { $0.exact ?? .zero }).probabilities
      } catch {
        throw .row(Self.name(of: context), reason: error)
      }
    }
    return try MarkovModel<Rational>(vocabularySize: vocabularySize, order: order, rows: exact)
  }
}
