import Probability
import SpeculativeDecoding

/// A model as the port protocol writes it: `{"vocabulary": 3, "order": 1, "rows": {"": [...], "0": [...]}}`.
///
/// A row is the law of the next token after the last `order` tokens, joined by a space; shorter keys serve a
/// shorter context. Entries are JSON numbers, or texts where the model is exact: "p/q", a whole number or a decimal.
public struct ModelDocument: Hashable, Sendable {
  /// An entry of a row.
  public enum Entry: Hashable, Sendable {
    /// A JSON number: a double.
    case number(Double)
    /// A text "p/q", or a whole number or a decimal as text.
    case fraction(Rational)
  }

  /// The model's name; optional.
  public var name: String?
  /// Where its laws come from; optional.
  public var source: String?
  /// Tokens in the vocabulary.
  public var vocabulary: Int
  /// How many of the last tokens a law depends on.
  public var order: Int
  /// The laws by context.
  public var rows: [String: [Entry]]

  /// The document of an exact model: every entry a fraction.
  public init(_ model: MarkovModel<Rational>, name: String? = nil, source: String? = nil) {
    self.name = name
    self.source = source
    vocabulary = model.vocabularySize
    order = model.order
    rows = [:]
    for (context, law) in model.rows {
      rows[MarkovModel<Rational>.name(of: context)] = law.map { .fraction($0) }
    }
  }

  /// Whether every entry is a fraction.
  public var isExact: Bool {
    rows.values.allSatisfy { $0.allSatisfy { if case .fraction = $0 { true } else { false } } }
  }

  /// The model in doubles, fractions rounded to nearest.
  ///
  /// - Throws: ``ToyModelError`` where the rows make no model.
  public func model() throws(ToyModelError) -> MarkovModel<Double> {
    try model { (entry: Entry, _: String) throws(ToyModelError) -> Double in
      switch entry {
      case .number(let value): value
      case .fraction(let value): value.approximation
      }
    }
  }

  /// The model in exact fractions.
  ///
  /// - Parameter takesDoubles: whether a JSON number stands for the exact value of its double (rows are then
  ///   renormalised exactly), or is refused.
  /// - Throws: ``ToyModelError/inexact(_:)`` for a number where they are refused; ``ToyModelError`` where the
  ///   rows make no model.
  public func exactModel(takingDoubles takesDoubles: Bool = false) throws(ToyModelError) -> MarkovModel<Rational> {
    var document = self
    if takesDoubles { document = try document.normalisedExactly() }
    return try document.model { (entry: Entry, key: String) throws(ToyModelError) -> Rational in
      switch entry {
      case .number: throw .inexact(key)
      case .fraction(let value): value
      }
    }
  }

  private func normalisedExactly() throws(ToyModelError) -> ModelDocument {
    // The doubles must be a law within the tolerance of the format before their exact sum is divided out.
    _ = try model()
    var document = self
    for (key, row) in rows {
      let values = row.map { entry in
        switch entry {
        case .number(let value): Rational(exactly: value) ?? .zero
        case .fraction(let value): value
        }
      }
      let sum = values.reduce(.zero, +)
      document.rows[key] = values.map { .fraction($0 / sum) }
    }
    return document
  }

  private func model<Scalar: ProbabilityScalar>(
    _ value: (Entry, String) throws(ToyModelError) -> Scalar
  ) throws(ToyModelError) -> MarkovModel<Scalar> {
    var table: [[Token]: [Scalar]] = [:]
    for (key, row) in rows.sorted(by: { $0.key < $1.key }) {
      var context: [Token] = []
      for word in key.split(separator: " ") {
        guard let token = Token(word), String(token) == word else { throw .unknownRow(key) }
        context.append(token)
      }
      guard MarkovModel<Scalar>.name(of: context) == key else { throw .unknownRow(key) }
      var law: [Scalar] = []
      for entry in row { law.append(try value(entry, key)) }
      table[context] = law
    }
    return try MarkovModel(vocabularySize: vocabulary, order: order, rows: table)
  }
}
