import Probability

/// A reason why a request to decode is refused, or cannot be finished.
public enum SpeculativeDecodingError: Error, Hashable, Sendable {
  /// A vocabulary without tokens.
  case emptyVocabulary
  /// The draft and the target speak of different tokens.
  case vocabularyMismatch(target: Int, draft: Int)
  /// A token that the vocabulary lacks.
  case tokenOutOfRange(token: Token, vocabulary: Int, place: String)
  /// A tree shape without a level, or with a level that draws nothing.
  case invalidShape(String)
  /// A sampling profile outside its range.
  case invalidProfile(String)
  /// Fewer than one token was asked for.
  case nothingToDecode
  /// The law after a context is not a law.
  case invalidLaw(place: String, reason: ProbabilityError)
  /// A tree, its laws or its uniforms make no round that could be verified.
  case invalidRequest(String)
  /// A model could not evaluate; its own words.
  case model(String)
  /// An enumeration has more branches than it was allowed.
  case enumerationLimit(branches: Int)
  /// A round emitted nothing, and would for ever.
  case emptyRound
  /// An enumeration or an evaluation was told to end.
  case interrupted
  /// A round leaves something behind that the tokens do not say.
  case carriedState(after: [Token])
}

extension SpeculativeDecodingError: CustomStringConvertible {
  /// One line: what is wrong, where, and how to mend it.
  public var description: String {
    switch self {
    case .emptyVocabulary: "the vocabulary is empty; a model needs at least one token"
    case .vocabularyMismatch(let target, let draft):
      "the draft has \(draft) tokens, the target \(target); both must have the same vocabulary"
    case .tokenOutOfRange(let token, let vocabulary, let place):
      "token \(token) in the \(place) is out of range; the vocabulary is 0...\(vocabulary - 1)"
    case .invalidShape(let reason): reason
    case .invalidProfile(let reason): reason
    case .nothingToDecode: "at least one token must be asked for"
    case .invalidLaw(let place, let reason): "\(place): \(reason)"
    case .invalidRequest(let reason): reason
    case .model(let reason): reason
    case .enumerationLimit(let branches):
      "the enumeration has more than \(branches) branches; raise the limit, or make the shape or the vocabulary smaller"
    case .emptyRound: "a round emitted no token; every round must emit one at least"
    case .interrupted: "interrupted before the work was done"
    case .carriedState(let tokens):
      "after a round that emits \(tokens.map(String.init).joined(separator: " ")) a model's context is not that of its "
        + "tokens; enumerate the rounds jointly"
    }
  }
}
