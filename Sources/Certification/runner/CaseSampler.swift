import Probability
import SpeculativeDecoding

/// Decodes a case from its prompt, many times: the one loop of production and controls.
enum CaseSampler {
  /// Decodes once for each replicate, and counts.
  ///
  /// Generic code that is called through a witness is not specialised: callers name their types.
  @inline(__always)
  static func counts<Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: Choices>(
    _ decoder: Decoder<Target, Draft>, prompt: [Token], length: Int, replicates: Range<Int>, key: SIMD2<UInt64>,
    steps makeSteps: (Philox4x64) -> Steps, choices makeChoices: (Philox4x64) -> Source
  ) throws(SpeculativeDecodingError) -> CaseCounts
  where Target.Scalar == Steps.Scalar, Source.Scalar == Steps.Scalar {
    var session = decoder.makeSession()
    var counter = SequenceCounter(vocabularySize: decoder.target.vocabularySize, length: length)
    var firstRounds = [Int](repeating: 0, count: decoder.method.draftLength + 2)
    var result = CaseCounts()
    for replicate in replicates {
      let generator = Philox4x64(key: key, replicate: UInt64(replicate))
      var choices = makeChoices(generator)
      var steps = makeSteps(generator.stream(1))
      try decoder.begin(prompt, in: &session)
      var emitted = 0
      while emitted < length, !session.hasEnded {
        try decoder.round(&session, steps: &steps, using: &choices)
        let tokens = session.workspace.emitted
        if emitted == 0 { firstRounds[tokens.count] += 1 }
        result.rounds += 1
        result.tokens += tokens.count
        for index in 0..<min(tokens.count, length - emitted) { counter.append(tokens[index]) }
        emitted += tokens.count
      }
      counter.finish()
    }
    result.sequences = counter.table()
    for (emitted, count) in firstRounds.enumerated() where count > 0 { result.firstRounds[emitted] = count }
    return result
  }
}
