import Probability
import SpeculativeDecoding

/// The place for a sampler's sequences: counts, or a list.
@usableFromInline
package protocol SequenceSink {
  /// Adds a token to the sequence.
  mutating func append(_ token: Token)
  /// Ends the sequence, and begins another.
  mutating func finish()
}

extension SequenceCounter: SequenceSink {}

/// Sequences in the order of their decodings.
package struct SequenceList: SequenceSink {
  /// The sequences that have ended.
  package private(set) var sequences: [[Token]] = []
  private var current: [Token] = []

  /// No sequence yet.
  package init() {}

  /// Adds a token to the sequence.
  package mutating func append(_ token: Token) { current.append(token) }

  /// Ends the sequence, and begins another.
  package mutating func finish() {
    sequences.append(current)
    current.removeAll(keepingCapacity: true)
  }
}

/// Decodes a case from its prompt, many times: the one loop of production and controls.
@usableFromInline
package enum CaseSampler {
  /// Decodes once for each replicate, and counts.
  ///
  /// Generic code that is called through a witness is not specialised: callers name their types.
  @inlinable @inline(__always)
  package static func counts<Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: Choices>(
    _ decoder: Decoder<Target, Draft>, prompt: [Token], length: Int, replicates: Range<Int>, key: SIMD2<UInt64>,
    mask: UInt64 = ~0, steps makeSteps: (Philox4x64) -> Steps, choices makeChoices: (Philox4x64) -> Source
  ) throws(SpeculativeDecodingError) -> CaseCounts
  where Target.Scalar == Steps.Scalar, Source.Scalar == Steps.Scalar {
    var session = decoder.makeSession()
    return try counts(
      decoder, prompt: prompt, length: length, replicates: replicates, key: key, mask: mask, in: &session,
      steps: makeSteps, choices: makeChoices)
  }

  /// The same in a session of the caller's, whose contexts may keep the prompt from call to call.
  @inlinable @inline(__always)
  package static func counts<Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: Choices>(
    _ decoder: Decoder<Target, Draft>, prompt: [Token], length: Int, replicates: Range<Int>, key: SIMD2<UInt64>,
    mask: UInt64 = ~0, in session: inout Decoder<Target, Draft>.Session, steps makeSteps: (Philox4x64) -> Steps,
    choices makeChoices: (Philox4x64) -> Source
  ) throws(SpeculativeDecodingError) -> CaseCounts
  where Target.Scalar == Steps.Scalar, Source.Scalar == Steps.Scalar {
    var counter = SequenceCounter(vocabularySize: decoder.target.vocabularySize, length: length)
    var result = try sample(
      decoder, prompt: prompt, length: length, replicates: replicates, key: key, mask: mask, into: &counter,
      in: &session, steps: makeSteps, choices: makeChoices)
    result.sequences = counter.table()
    return result
  }

  /// Decodes once for each replicate; the sequences go to a sink.
  ///
  /// - Parameter mask: of the replicates' numbers: decodings whose numbers it makes equal share their random numbers.
  /// - Returns: counts of rounds and tokens, without sequences.
  @inlinable @inline(__always)
  package static func sample<
    Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: Choices, Sink: SequenceSink
  >(
    _ decoder: Decoder<Target, Draft>, prompt: [Token], length: Int, replicates: Range<Int>, key: SIMD2<UInt64>,
    mask: UInt64 = ~0, into sink: inout Sink, steps makeSteps: (Philox4x64) -> Steps,
    choices makeChoices: (Philox4x64) -> Source
  ) throws(SpeculativeDecodingError) -> CaseCounts
  where Target.Scalar == Steps.Scalar, Source.Scalar == Steps.Scalar {
    var session = decoder.makeSession()
    return try sample(
      decoder, prompt: prompt, length: length, replicates: replicates, key: key, mask: mask, into: &sink,
      in: &session, steps: makeSteps, choices: makeChoices)
  }

  @inlinable @inline(__always)
  static func sample<
    Target: LanguageModel, Draft: LanguageModel, Steps: RoundSteps, Source: Choices, Sink: SequenceSink
  >(
    _ decoder: Decoder<Target, Draft>, prompt: [Token], length: Int, replicates: Range<Int>, key: SIMD2<UInt64>,
    mask: UInt64, into sink: inout Sink, in session: inout Decoder<Target, Draft>.Session,
    steps makeSteps: (Philox4x64) -> Steps, choices makeChoices: (Philox4x64) -> Source
  ) throws(SpeculativeDecodingError) -> CaseCounts
  where Target.Scalar == Steps.Scalar, Source.Scalar == Steps.Scalar {
    var firstRounds = [Int](repeating: 0, count: decoder.method.draftLength + 2)
    var secondRounds = firstRounds
    var result = CaseCounts()
    for replicate in replicates {
      let generator = Philox4x64(key: key, replicate: UInt64(replicate) & mask)
      var choices = makeChoices(generator)
      var steps = makeSteps(generator.stream(1))
      try decoder.begin(prompt, in: &session)
      var (emitted, rounds, second) = (0, 0, 0)
      while emitted < length, !session.hasEnded {
        try decoder.round(&session, steps: &steps, using: &choices)
        let tokens = session.workspace.emitted
        // A fault may emit a token more than any round should.
        if emitted == 0 { firstRounds[min(tokens.count, firstRounds.count - 1)] += 1 }
        rounds += 1
        if rounds == 2 { second = min(tokens.count, secondRounds.count - 1) }
        result.tokens += tokens.count
        for index in 0..<min(tokens.count, length - emitted) { sink.append(tokens[index]) }
        emitted += tokens.count
      }
      secondRounds[second] += 1
      result.rounds += rounds
      sink.finish()
    }
    for (emitted, count) in secondRounds.enumerated() where count > 0 { result.secondRounds[emitted] = count }
    for (emitted, count) in firstRounds.enumerated() where count > 0 { result.firstRounds[emitted] = count }
    return result
  }
}
