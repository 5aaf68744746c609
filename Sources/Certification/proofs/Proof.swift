import Probability
import SpeculativeDecoding
import ToyModels

/// The result of enumerating one case.
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
  /// The verdict.
  public var verdict: Verdict
}

/// A sequence whose probability is not the target's, and a branch of the decoder that emits it.
public struct Counterexample: Hashable, Sendable {
  /// One choice on the branch.
  public struct Step: Hashable, Sendable {
    /// The purpose of the uniform.
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
  /// Enumerates the production decoder, and compares.
  ///
  /// A case that exceeds `limits` or is interrupted is *unfinished*, which is no proof.
  /// - Throws: ``CertificationError`` where the case makes no exact decoder.
  public init(
    of instance: Instance, takingDoubles: Bool = false, limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) {
    let decoder = try instance.decoder(takingDoubles: takingDoubles)
    try self.init(
      instance, target: decoder.target, decoder, steps: { StandardSteps<Rational>() },
      choices: EnumeratedChoices<Rational>(), jointly: false, limits)
  }

  /// Enumerates the decoder with the steps of a rule of one's own, and compares.
  ///
  ///     let proof = try Proof(of: instance, steps: { MyRule<Rational>() })
  ///
  /// - Parameter steps: made afresh for each decoding.
  /// - Throws: ``CertificationError`` where the case makes no exact decoder.
  public init<Steps: RoundSteps>(
    of instance: Instance, steps makeSteps: () -> Steps, limits: EnumerationLimits = EnumerationLimits()
  ) throws(CertificationError) where Steps.Scalar == Rational {
    let decoder = try instance.decoder()
    try self.init(
      instance, target: decoder.target, decoder, steps: makeSteps, choices: EnumeratedChoices<Rational>(),
      jointly: false, limits)
  }

  init<Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: BranchingChoices>(
    _ instance: Instance, target: MarkovModel<Rational>, _ decoder: Decoder<Target, Draft>,
    steps makeSteps: () -> Steps,
    choices source: Source, jointly: Bool, _ limits: EnumerationLimits
  ) throws(CertificationError)
  where
    Target.Context: Hashable, Draft.Context: Hashable, Target.Scalar == Rational, Steps.Scalar == Rational,
    Source.Scalar == Rational, Source.Uniform: Sendable
  {
    self.init(instance: instance, verdict: .proved)
    do {
      let target = try SequenceLaw(
        of: target, after: instance.pair.prompt, length: instance.length, endToken: instance.endToken,
        limit: SequenceLaw<Rational>.mostCompared, isInterrupted: { !limits.shouldContinue(0) }
      ).table
      let start = ContinuousClock.now
      let law = try instance.emittedLaw(
        of: decoder, steps: makeSteps, choices: source, jointly: jointly, limits: limits)
      (branches, choices, states) = (law.branches, law.choices, law.states)
      seconds = start.duration(to: .now) / .seconds(1)
      sequences = Set(target.keys).union(law.sequences.keys).count
      if target == law.sequences { return }
      verdict = .refuted(
        try Counterexample(
          target, law.sequences, decoder, after: instance.pair.prompt, steps: makeSteps, choices: source, limits))
    } catch {
      switch error {
      case .interrupted, .enumerationLimit: verdict = .unfinished("\(error)")
      default: throw .decoding(place: instance.id, error)
      }
    }
  }
}

extension Instance {
  /// The exact law of the first tokens by a decoder; jointly enumerated where a round leaves more behind than its tokens.
  ///
  /// - Throws: what the enumeration throws.
  func emittedLaw<Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: BranchingChoices>(
    of decoder: Decoder<Target, Draft>, steps makeSteps: () -> Steps, choices: Source, jointly: Bool,
    limits: EnumerationLimits
  ) throws(SpeculativeDecodingError) -> EmittedLaw
  where
    Target.Context: Hashable, Draft.Context: Hashable, Steps.Scalar == Target.Scalar, Source.Scalar == Target.Scalar
  {
    if !jointly {
      do {
        return try decoder.emittedLaw(
          length: length, after: pair.prompt, steps: makeSteps, choices: choices, limits: limits)
      } catch {
        guard case .carriedState = error else { throw error }
      }
    }
    return try decoder.jointEmittedLaw(
      length: length, after: pair.prompt, steps: makeSteps, choices: choices, limits: limits)
  }
}

extension Counterexample {
  init<Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: BranchingChoices>(
    _ target: [[Token]: Rational], _ realised: [[Token]: Rational], _ decoder: Decoder<Target, Draft>,
    after prompt: [Token], steps makeSteps: () -> Steps, choices source: Source, _ limits: EnumerationLimits
  ) throws(SpeculativeDecodingError)
  where Target.Scalar == Rational, Steps.Scalar == Rational, Source.Scalar == Rational, Source.Uniform: Sendable {
    let keys = Set(target.keys).union(realised.keys)
    let differing = keys.filter { target[$0, default: .zero] != realised[$0, default: .zero] }
    sequence = differing.min { $0.lexicographicallyPrecedes($1) } ?? []
    self.target = target[sequence, default: .zero]
    self.decoder = realised[sequence, default: .zero]
    (branch, weight) = ([], .zero)

    var choices = TracedChoices(source)
    var session = decoder.makeSession()
    repeat {
      // The laws differ, whether a branch is found or not.
      if choices.branches >= limits.branches || !limits.shouldContinue(choices.branches) { return }
      var steps = makeSteps()
      try decoder.begin(prompt, in: &session)
      try decoder.round(&session, steps: &steps, using: &choices)
      let length = min(session.workspace.emitted.count, sequence.count)
      guard session.workspace.emitted.prefix(length).elementsEqual(sequence.prefix(length)) else { continue }
      branch = choices.entries.map { Step(purpose: $0.purpose.rawValue, answer: Self.words($0.answer)) }
      weight = choices.weight
      return
    } while choices.advance()
  }

  private static func words<Source: BranchingChoices>(
    _ answer: TracedChoices<Source>.Answer
  ) -> String where Source.Scalar == Rational, Source.Uniform: Sendable {
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
