import Probability
import SpeculativeDecoding

/// A corpus of proofs as a certificate states it.
public struct ProofReport: Hashable, Sendable, Codable {
  /// Name and version, such as "rsd-proofs/2".
  public var corpus: String
  /// "all", or the pattern that selected cases.
  public var selection: String
  /// The cases, in the corpus's order.
  public var cases: [ProofRecord]

  /// The report of these proofs.
  public init(corpus: String, selection: String, proofs: [Proof]) {
    self.corpus = corpus
    self.selection = selection
    cases = proofs.map(ProofRecord.init)
  }

  /// *certified* where all are proved, *failed* where one is refuted.
  public var verdict: RunVerdict {
    if cases.contains(where: { $0.verdict == .refuted }) { return .failed }
    return cases.isEmpty || cases.contains { $0.verdict == .unfinished } ? .inconclusive : .certified
  }
}

/// A proof as a certificate states it.
public struct ProofRecord: Hashable, Sendable, Codable {
  /// What the enumeration found.
  public enum Verdict: String, Hashable, Sendable, Codable {
    case proved
    case refuted
    case unfinished
  }

  /// A counterexample; probabilities as fractions.
  public struct CounterexampleRecord: Hashable, Sendable, Codable {
    /// One choice on the branch.
    public struct Step: Hashable, Sendable, Codable {
      /// What the uniform was drawn for.
      public var purpose: String
      /// The question and its answer.
      public var answer: String
    }

    /// The first sequence, in token order, whose probabilities differ.
    public var sequence: String
    /// Its probability under the target.
    public var target: String
    /// Its probability under the decoder.
    public var decoder: String
    /// A branch of the first round that begins the sequence.
    public var branch: [Step]
    /// The branch's weight.
    public var weight: String
  }

  /// "rule/shape/pair/profile".
  public var id: String
  /// Tokens whose joint law was compared.
  public var length: Int
  /// States of the two models that a round was enumerated from.
  public var states: Int
  /// Paths through the decoder's choices.
  public var branches: Int
  /// Questions that the source of choices answered.
  public var choices: Int
  /// Sequences compared.
  public var sequences: Int
  /// What follows.
  public var verdict: Verdict
  /// Why the enumeration was not finished; absent where it was.
  public var reason: String?
  /// What differs; absent where nothing does.
  public var counterexample: CounterexampleRecord?

  /// The record of a proof.
  public init(_ proof: Proof) {
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
