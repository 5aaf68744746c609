import Probability

/// A fault of a toy model or of its file.
public enum ToyModelError: Error, Hashable, Sendable {
  /// The vocabulary is below 1.
  case vocabulary(Int)
  /// The order or the size of its table is beyond ``MarkovModelLimits``.
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
  /// A text too short for the n-grams asked of it, or a mixture of them that is none.
  case text(String)
}

extension ToyModelError: CustomStringConvertible {
  /// One line: what is wrong, where, and how to mend it.
  public var description: String {
    switch self {
    case .vocabulary(let size): "vocabulary \(size): a model needs at least one token"
    case .order(let order, _) where !(0...MarkovModelLimits.maximumOrder).contains(order):
      "order \(order) is out of range; a law depends on the last 0 to \(MarkovModelLimits.maximumOrder) tokens"
    case .order(let order, let vocabulary):
      "order \(order) over \(vocabulary) tokens makes a table of more than \(MarkovModelLimits.maximumEntries) "
        + "probabilities; lower one of them"
    case .missingRow(let key):
      "row \"\(key)\" is missing; every context needs a law, but those shorter than the order may all be absent"
    case .unknownRow(let key):
      "row \"\(key)\" is no context of this model; a key is at most `order` tokens below `vocabulary`, joined by a "
        + "space"
    case .row(let key, let reason): "row \"\(key)\": \(reason)"
    case .rowLength(let key, let entries, let vocabulary):
      "row \"\(key)\" has \(entries) entries; it needs \(vocabulary), one for each token of the vocabulary"
    case .format(let reason): reason
    case .inexact(let key):
      "row \"\(key)\" holds floating-point numbers; give them as text \"p/q\", or take their exact values (--as-doubles)"
    case .text(let reason): reason
    }
  }
}
