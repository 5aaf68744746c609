import Probability

/// What can be wrong with a toy model or its file.
public enum ToyModelError: Error, Hashable, Sendable {
  /// The vocabulary is below 1.
  case vocabulary(Int)
  /// The order is negative, or the table would exceed ``MarkovModel/maximumEntries``.
  case order(order: Int, vocabulary: Int)
  /// A context whose row is missing.
  case missingRow(String)
  /// A key that is no context of the model.
  case unknownRow(String)
  /// A row that is no law over the vocabulary.
  case row(String, reason: ProbabilityError)
  /// A row with another number of entries than the vocabulary.
  case rowLength(String, entries: Int, vocabulary: Int)
  /// A file that is no JSON model; what and where.
  case format(String)
  /// A row that holds floating-point numbers where exact fractions are needed.
  case inexact(String)
  /// A text too short for the n-grams asked of it, or a character that the alphabet lacks.
  case text(String)
}

extension ToyModelError: CustomStringConvertible {
  /// One line: what is wrong, where, and how to mend it.
  public var description: String {
    switch self {
    case .vocabulary(let size): "vocabulary \(size): a model needs at least one token"
    case .order(let order, let vocabulary):
      "order \(order) over \(vocabulary) tokens is negative or makes a table of more than "
        + "\(MarkovModelLimits.maximumEntries) entries"
    case .missingRow(let key): "row \"\(key)\" is missing; every context needs a law"
    case .unknownRow(let key):
      "row \"\(key)\" is no context of this model: its key must be at most `order` tokens, joined by a space"
    case .row(let key, let reason): "row \"\(key)\": \(reason)"
    case .rowLength(let key, let entries, let vocabulary):
      "row \"\(key)\" has \(entries) entries; the vocabulary has \(vocabulary)"
    case .format(let reason): reason
    case .inexact(let key):
      "row \"\(key)\" holds floating-point numbers; give them as text \"p/q\" for exact laws"
    case .text(let reason): reason
    }
  }
}
