import Probability
import SpeculativeDecoding
import ToyModels

/// What the enumeration of one case found.
public struct Proof: Hashable, Sendable {
  /// Whether the two laws are equal.
  public enum Verdict: Hashable, Sendable {
    /// Equal, sequence by sequence, as fractions.
    case proved
    /// Different.
    case refuted(Counterexample)
    /// Not enumerated to its end; the reason.
    case unfinished(String)
  }

  /// The case.
  public var instance: Instance
  /// Paths through the decoder's choices, over all states.
  public var branches = 0
  /// Questions that the source of choices answered.
  public var choices = 0
  /// Different states of the two models that a round was enumerated from.
  public var states = 0
  /// Seconds that the enumeration took, on one thread.
  public var seconds = 0.0
  /// Sequences whose probabilities were compared.
  public var sequences = 0
  /// What follows.
  public var verdict: Verdict
}

/// A sequence whose probability is not the target's, and a branch of the decoder that emits it.
public struct Counterexample: Hashable, Sendable {
  /// One choice on the branch.
  public struct Step: Hashable, Sendable {
    /// What the uniform was drawn for.
    public var purpose: String
    /// The question and its answer, in words.
    public var answer: String
  }

  /// The first sequence, in token order, whose probabilities differ.
  public var sequence: [Token]
  /// Its probability under the target.
  public var target: Rational
  /// Its probability under the decoder.
  public var decoder: Rational
  /// A branch of the first round that begins the sequence; empty where none does.
  public var branch: [Step]
  /// The weight of that branch.
  public var weight: Rational
}

extension Proof {
  /// Enumerates the production decoder, or a control with a fault, and compares.
  ///
  /// A case that exceeds `limits` or is interrupted is *unfinished*, which is no proof.
  /// - Throws: ``CertificationError`` where the case makes no exact decoder.
  public init(
    of instance: Instance, fault: Fault = .none, takingDoubles: Bool = false,
    limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) {
    let decoder = try instance.decoder(takingDoubles: takingDoubles)
    self.init(instance: instance, verdict: .proved)
    do {
      let target = try SequenceLaw(
        of: decoder.target, after: instance.pair.prompt, length: instance.length, endToken: instance.endToken,
        limit: SequenceLaw<Rational>.mostCompared, isInterrupted: { !limits.shouldContinue(0) }
      ).table
      let start = ContinuousClock.now
      let law =
        fault == .none
        ? try Self.emittedLaw(of: decoder, instance, limits)
        : try instance.emittedLaw(under: fault, takingDoubles: takingDoubles, limits: limits)
      (branches, choices, states) = (law.branches, law.choices, law.states)
      seconds = start.duration(to: .now) / .seconds(1)
      sequences = Set(target.keys).union(law.sequences.keys).count
      if target == law.sequences { return }
      let faulty = try instance.exactDecoder(under: fault, takingDoubles: takingDoubles)
      verdict = .refuted(try Counterexample(target, law.sequences, faulty, instance, fault, limits))
    } catch {
      switch error {
      case .interrupted, .enumerationLimit: verdict = .unfinished("\(error)")
      default: throw .decoding(place: instance.id, error)
      }
    }
  }
}

extension Proof {
  /// The law of the first tokens; jointly enumerated where a round leaves more behind than its tokens.
  private static func emittedLaw(
    of decoder: Decoder<MarkovModel<Rational>, MarkovModel<Rational>>, _ instance: Instance,
    _ limits: EnumerationLimits
  ) throws(SpeculativeDecodingError) -> EmittedLaw {
    do {
      return try decoder.emittedLaw(length: instance.length, after: instance.pair.prompt, limits: limits)
    } catch {
      guard case .carriedState = error else { throw error }
    }
    return try decoder.jointEmittedLaw(
      length: instance.length, after: instance.pair.prompt, steps: { StandardSteps<Rational>() },
      choices: EnumeratedChoices(), limits: limits)
  }
}

extension Counterexample {
  init(
    _ target: [[Token]: Rational], _ realised: [[Token]: Rational], _ decoder: FaultyDecoder<Rational>,
    _ instance: Instance, _ fault: Fault, _ limits: EnumerationLimits
  ) throws(SpeculativeDecodingError) {
    let keys = Set(target.keys).union(realised.keys)
    let differing = keys.filter { target[$0, default: .zero] != realised[$0, default: .zero] }
    sequence = differing.min { $0.lexicographicallyPrecedes($1) } ?? []
    self.target = target[sequence, default: .zero]
    self.decoder = realised[sequence, default: .zero]
    (branch, weight) = ([], .zero)

    var choices = TracedChoices(FaultyChoices(EnumeratedChoices<Rational>(), fault: fault))
    var session = decoder.makeSession()
    repeat {
      // The laws differ, whether a branch is found or not.
      if choices.branches >= limits.branches || !limits.shouldContinue(choices.branches) { return }
      var steps = FaultySteps<Rational>(fault)
      try decoder.begin(instance.pair.prompt, in: &session)
      try decoder.round(&session, steps: &steps, using: &choices)
      let length = min(session.workspace.emitted.count, sequence.count)
      guard session.workspace.emitted.prefix(length).elementsEqual(sequence.prefix(length)) else { continue }
      branch = choices.entries.map { Step(purpose: $0.purpose.rawValue, answer: Self.words($0.answer)) }
      weight = choices.weight
      return
    } while choices.advance()
  }

  private static func words(
    _ answer: TracedChoices<FaultyChoices<EnumeratedChoices<Rational>>>.Answer
  ) -> String {
    switch answer {
    case .below(let numerator, let denominator, let isBelow):
      let probability = denominator > .zero ? min(numerator / denominator, .one) : .one
      return "\(isBelow ? "accepted" : "rejected"), at an acceptance probability of \(probability)"
    case .index(let weights, let total, let index):
      let law = weights.map { ($0 / total).description }.joined(separator: ", ")
      return "index \(index) of (\(law))"
    }
  }
}
