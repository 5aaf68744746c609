import Probability
import SpeculativeDecoding
import ToyModels

/// Decodes a case for one of its observables, by production or by a control.
enum ObservableSampler {
  /// The outcome of each decoding, in order.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be decoded.
  static func outcomes(
    of observableCase: ObservableCase, under fault: Fault, replicates: Range<Int>, seed: UInt64
  ) throws(CertificationError) -> [String] {
    guard let instance = observableCase.instance else {
      throw .vectors(place: observableCase.id, "vectors are run one by one, not sampled")
    }
    let models: (target: MarkovModel<Double>, draft: MarkovModel<Double>)
    do {
      models = (try instance.pair.target.model(), try instance.pair.draft.model())
    } catch {
      throw .model(place: observableCase.id, error)
    }
    let key = SIMD2(fault == .seedIgnored ? 0 : seed, observableCase.streamWord)
    // Requests that share a stream come in pairs.
    let mask: UInt64 = fault == .sharedStream ? ~1 : ~0
    do {
      if fault == .none {
        let decoder = try Decoder(
          target: models.target.applying(instance.profile), draft: models.draft.applying(instance.profile),
          method: instance.method, endToken: instance.endToken)
        return try outcomes(
          decoder, observableCase.observable, instance, replicates, key, mask, steps: { StandardSteps<Double>() },
          choices: { RandomChoices<Double, Philox4x64>($0) })
      }
      let decoder = try fault.decoder(
        target: models.target, draft: models.draft, profile: instance.profile, method: instance.method,
        endToken: instance.endToken)
      return try outcomes(
        decoder, observableCase.observable, instance, replicates, key, mask, steps: { FaultySteps<Double>(fault) },
        choices: { FaultyChoices(RandomChoices<Double, Philox4x64>($0), fault: fault) })
    } catch {
      throw .decoding(place: observableCase.id, error)
    }
  }

  private static func outcomes<
    Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: Choices
  >(
    _ decoder: Decoder<Target, Draft>, _ observable: Observable, _ instance: Instance, _ replicates: Range<Int>,
    _ key: SIMD2<UInt64>, _ mask: UInt64, steps makeSteps: () -> Steps, choices makeChoices: (Philox4x64) -> Source
  ) throws(SpeculativeDecodingError) -> [String]
  where Target.Scalar == Steps.Scalar, Source.Scalar == Steps.Scalar {
    let (prompt, length) = (instance.pair.prompt, instance.length)
    var session = decoder.makeSession()
    var outcomes: [String] = []
    outcomes.reserveCapacity(replicates.count)
    for replicate in replicates {
      var choices = makeChoices(Philox4x64(key: key, replicate: UInt64(replicate) & mask))
      var steps = makeSteps()
      try decoder.begin(prompt, in: &session)
      var tokens: [Token] = []
      var lengths: [Int] = []
      repeat {
        try decoder.round(&session, steps: &steps, using: &choices)
        tokens.append(contentsOf: session.workspace.emitted)
        lengths.append(session.workspace.emitted.count)
        // Accepted lengths and trees are those of one round.
      } while lengths.count < observable.mostRounds && tokens.count < length && !session.hasEnded
      switch observable {
      case .acceptedLength: outcomes.append(String(tokens.count))
      case .secondLength: outcomes.append(String(lengths.count > 1 ? lengths[1] : 0))
      case .draftTree: outcomes.append(DraftedTree(session.workspace.tree).description)
      default: outcomes.append(tokens.prefix(length).map(String.init).joined(separator: " "))
      }
    }
    return outcomes
  }
}

extension Observable {
  /// The rounds that it looks at, at most.
  var mostRounds: Int {
    switch self {
    case .output, .independence, .replay: .max
    case .secondLength: 2
    default: 1
    }
  }
}
