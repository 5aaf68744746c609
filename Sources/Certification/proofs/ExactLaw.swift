import Probability
import SpeculativeDecoding
import ToyModels

/// The exact law of a decoder after a prompt, and whether it is the target's.
///
///     let target = try MarkovModel.categorical([Rational(1, 3), Rational(2, 3)])
///     let draft = try MarkovModel.categorical([Rational(1, 2), Rational(1, 2)])
///     let decoder = try Decoder(target: target, draft: draft, method: .rsdS(width: 2, depth: 2))
///     let exact = try ExactLaw(of: decoder, after: [])
///     exact.isLossless         // true
///     exact.law[[1, 0]]        // the probability that a round emits 1 0 and nothing more, as a fraction
///     exact.blockEfficiency    // tokens a target evaluation, as a fraction
package struct ExactLaw: Hashable, Sendable {
  /// Whether the emitted tokens have exactly the target's law.
  ///
  /// Of one round: completed by the target to draft length + 1 tokens, the emitted tokens must have the target's law.
  package var isLossless: Bool
  /// The probability of what one round emits, or of the first tokens where a length was asked for.
  package var law: [[Token]: Rational]
  /// Tokens that the first round emits on average.
  package var blockEfficiency: Rational
  /// The probability that the first round accepts 0, 1, … drafted tokens, of shape [draft length + 1].
  package var acceptedLength: [Rational]
  /// Paths through the decoder's choices.
  package var branches: Int

  /// Enumerates one round, or all rounds that the first `length` tokens take.
  ///
  /// - Throws: ``SpeculativeDecodingError/enumerationLimit(branches:)`` what the decoder throws of its prompt, and
  ///   ``SpeculativeDecodingError/model(_:)`` beyond ``SequenceLaw/mostCompared`` sequences.
  package init(
    of decoder: Decoder<MarkovModel<Rational>, MarkovModel<Rational>>, after prompt: [Token], length: Int? = nil,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(SpeculativeDecodingError) {
    let tested = length ?? decoder.method.draftLength + 1
    // The quick law first: it knows at once whether there are too many sequences for both.
    let target = try SequenceLaw(
      of: decoder.target, after: prompt, length: tested, endTokens: decoder.endTokens,
      limit: SequenceLaw<Rational>.mostCompared, isInterrupted: { !limits.shouldContinue(0) }
    ).table
    let round = try decoder.roundLaw(after: prompt, limits: limits)
    blockEfficiency = round.blockEfficiency
    acceptedLength = round.acceptedLength
    branches = round.branches
    if let length {
      let emitted = try decoder.emittedLaw(length: length, after: prompt, limits: limits)
      law = emitted.sequences
      branches += emitted.branches
      isLossless = law == target
    } else {
      law = round.emitted
      isLossless = try Self.completed(law, by: decoder, after: prompt, length: tested) == target
    }
  }

  /// The law of `length` tokens where the target alone continues what a round emitted.
  private static func completed(
    _ law: [[Token]: Rational], by decoder: Decoder<MarkovModel<Rational>, MarkovModel<Rational>>,
    after prompt: [Token], length: Int
  ) throws(SpeculativeDecodingError) -> [[Token]: Rational] {
    var completed: [[Token]: Rational] = [:]
    for (emitted, probability) in law {
      if emitted.count == length || (emitted.last.map(decoder.endTokens.contains) ?? false) {
        completed[emitted, default: .zero] += probability
        continue
      }
      let rest = try SequenceLaw(
        of: decoder.target, after: prompt + emitted, length: length - emitted.count, endTokens: decoder.endTokens)
      for (tokens, weight) in zip(rest.sequences, rest.probabilities) {
        completed[emitted + tokens, default: .zero] += probability * weight
      }
    }
    return completed
  }
}

extension ExactLaw: Encodable {
  private enum Key: String, CodingKey { case lossless, law, blockEfficiency, acceptedLength }

  /// `{"lossless": true, "law": {"0 2 1": "1/12", …}, "blockEfficiency": "p/q", "acceptedLength": {"0": "p/q", …}}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(isLossless, forKey: .lossless)
    try container.encode(
      Dictionary(
        uniqueKeysWithValues: law.map { ($0.key.map(String.init).joined(separator: " "), $0.value.description) }),
      forKey: .law)
    try container.encode(blockEfficiency.description, forKey: .blockEfficiency)
    try container.encode(
      Dictionary(
        uniqueKeysWithValues: acceptedLength.enumerated().map { (String($0.offset), $0.element.description) }),
      forKey: .acceptedLength)
  }
}
