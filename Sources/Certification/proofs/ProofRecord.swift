import Probability
import SpeculativeDecoding

/// A corpus of proofs as a certificate states it.
package struct ProofReport: Hashable, Sendable, Codable {
  /// Name and version, such as "rsd-proofs/2".
  package var corpus: String
  /// "all", or the pattern that selected cases.
  package var selection: String
  /// The cases, in the corpus's order.
  package var cases: [ProofRecord]

  /// The report of these proofs.
  package init(corpus: String, selection: String, proofs: [Proof]) {
    self.corpus = corpus
    self.selection = selection
    cases = proofs.map(ProofRecord.init)
  }

  /// *certified* where all are proved, *failed* where one is refuted.
  package var verdict: RunVerdict {
    if cases.contains(where: { $0.verdict == .refuted }) { return .failed }
    return cases.isEmpty || cases.contains { $0.verdict == .unfinished } ? .inconclusive : .certified
  }
}

/// A proof as a certificate states it.
package struct ProofRecord: Hashable, Sendable, Codable {
  /// The result of the enumeration.
  package enum Verdict: String, Hashable, Sendable, Codable {
    case proved
    case refuted
    case unfinished
  }

  /// A counterexample; probabilities as fractions.
  package struct CounterexampleRecord: Hashable, Sendable, Codable {
    /// One choice on the branch.
    package struct Step: Hashable, Sendable, Codable {
      /// The purpose of the uniform.
      package var purpose: String
      /// The question and its answer.
      package var answer: String
    }

    /// The first sequence, in token order, whose probabilities differ.
    package var sequence: String
    /// Its probability under the target.
    package var target: String
    /// Its probability under the decoder.
    package var decoder: String
    /// A branch of the first round that begins the sequence.
    package var branch: [Step]
    /// The branch's weight.
    package var weight: String
  }

  /// "rule/shape/pair/profile".
  package var id: String
  /// Tokens whose joint law was compared.
  package var length: Int
  /// States of the two models that a round was enumerated from.
  package var states: Int
  /// Paths through the decoder's choices.
  package var branches: Int
  /// Questions that the source of choices answered.
  package var choices: Int
  /// Sequences compared.
  package var sequences: Int
  /// The verdict.
  package var verdict: Verdict
  /// Why the enumeration was not finished; absent where it was.
  package var reason: String?
  /// The counterexample; absent where the laws are equal.
  package var counterexample: CounterexampleRecord?

  /// The record of a proof.
  package init(_ proof: Proof) {
    id = proof.instance.id
    length = proof.instance.length
    (states, branches, choices) = (proof.states, proof.branches, proof.choices)
    sequences = proof.sequences
    switch proof.verdict {
    case .proved: verdict = .proved
    case .unfinished(let reason):
      verdict = .unfinished
      self.reason = reason
    case .refuted(let found):
      verdict = .refuted
      counterexample = CounterexampleRecord(
        sequence: found.sequence.map(String.init).joined(separator: " "), target: found.target.description,
        decoder: found.decoder.description,
        branch: found.branch.map { .init(purpose: $0.purpose, answer: $0.answer) }, weight: found.weight.description)
    }
  }
}

extension ProofRecord {
  /// Why the verdict cannot be this record's; `nil` where it can.
  var inconsistency: String? {
    switch verdict {
    case .proved:
      // Every state has a branch at least, every branch a choice, and every law a sequence.
      let isEnumerated = states >= 1 && branches >= states && choices >= branches && sequences >= 1 && length >= 1
      return isEnumerated && reason == nil && counterexample == nil
        ? nil : "proved only by an enumeration, without reason or counterexample"
    case .refuted:
      guard let counterexample, reason == nil, let target = Rational(counterexample.target),
        let decoder = Rational(counterexample.decoder), target != decoder
      else { return "refuted only by a counterexample whose probabilities differ" }
      return nil
    case .unfinished:
      return reason != nil && counterexample == nil ? nil : "unfinished only with a reason, without counterexample"
    }
  }
}
