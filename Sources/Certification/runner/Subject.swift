import Probability
import SpeculativeDecoding
import ToyModels

/// A decoder under test: decodes a case from its prompt, many times, and counts what came out.
public protocol Subject: Sendable {
  /// Decodes the case once for each replicate.
  ///
  /// A replicate's tokens depend on (seed, case, replicate) and nothing else.
  /// - Parameter replicates: the numbers of the decodings.
  /// - Throws: ``CertificationError`` where the case cannot be decoded.
  func counts(
    of plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> CaseCounts
}

/// The production decoder, or a control that replaces one of its steps or bends its choices.
public struct DecoderSubject<Steps: RoundSteps, Source: Choices>: Subject
where Steps.Scalar == Double, Source.Scalar == Double {
  private let makeSteps: @Sendable (Philox4x64) -> Steps
  private let makeChoices: @Sendable (Philox4x64) -> Source

  /// A decoder with these steps over these choices, both made afresh for each decoding.
  ///
  /// - Parameter steps: given the decoding's stream 1, for steps that need noise of their own; `choices` has stream 0.
  public init(
    steps: @escaping @Sendable (Philox4x64) -> Steps, choices: @escaping @Sendable (Philox4x64) -> Source
  ) {
    makeSteps = steps
    makeChoices = choices
  }

  /// Decodes the case once for each replicate.
  ///
  /// - Throws: ``CertificationError/decoding(place:_:)`` where the case cannot be decoded.
  public func counts(
    of plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> CaseCounts {
    do {
      return try sample(plan, replicates: replicates, seed: seed)
    } catch {
      throw .decoding(place: "case \(plan.testCase.id)", error)
    }
  }

  // A subject is called through `any Subject`, where nothing would be specialised: the production
  // decoder and the controls are named here.
  @specialized(where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Philox4x64>)
  @specialized(where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Xoshiro256PlusPlus>)
  @specialized(
    where Steps == FaultySteps<Double>, Source == FaultyChoices<RandomChoices<Double, Philox4x64>>
  )
  private func sample(
    _ plan: CasePlan, replicates: Range<Int>, seed: UInt64
  ) throws(SpeculativeDecodingError) -> CaseCounts {
    let (decoder, prompt, length) = (plan.decoder, plan.testCase.pair.prompt, plan.testCase.length)
    let key = SIMD2(seed, plan.testCase.streamWord)
    var session = decoder.makeSession()
    var counter = SequenceCounter(vocabularySize: decoder.target.vocabularySize, length: length)
    var firstRounds = [Int](repeating: 0, count: decoder.method.draftLength + 2)
    var result = CaseCounts()
    for replicate in replicates {
      let generator = Philox4x64(key: key, replicate: UInt64(replicate))
      var choices = makeChoices(generator)
      var steps = makeSteps(generator.stream(1))
      try decoder.begin(prompt, in: &session)
      var (number, emitted) = (0, 0)
      while emitted < length, !session.hasEnded {
        try decoder.round(&session, steps: &steps, using: &choices)
        let tokens = session.workspace.emitted
        if emitted == 0 { firstRounds[tokens.count] += 1 }
        result.rounds += 1
        result.tokens += tokens.count
        for index in 0..<min(tokens.count, length - emitted) {
          number = counter.appending(tokens[index], to: number)
        }
        emitted += tokens.count
      }
      counter.add(number)
    }
    result.sequences = counter.table()
    for (emitted, count) in firstRounds.enumerated() where count > 0 { result.firstRounds[emitted] = count }
    return result
  }
}

/// The production decoder over the production generator: what `rsd certify` certifies.
public typealias ProductionSubject = DecoderSubject<StandardSteps<Double>, RandomChoices<Double, Philox4x64>>

extension DecoderSubject where Steps == StandardSteps<Double>, Source == RandomChoices<Double, Philox4x64> {
  /// The production decoder.
  public static var production: ProductionSubject {
    ProductionSubject(steps: { _ in StandardSteps() }, choices: { RandomChoices($0) })
  }
}
