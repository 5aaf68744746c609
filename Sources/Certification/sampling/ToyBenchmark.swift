import Probability
import SpeculativeDecoding
import Synchronization
import ToyModels

/// How many rounds a second the decoder makes on toy models.
package enum ToyBenchmark {
  /// The scalar of the laws.
  package enum ScalarName: String, CaseIterable, Codable, Sendable {
    case double = "Double"
    case float = "Float"
  }

  /// One figure: a method over a vocabulary, in a scalar, on a number of threads.
  package struct Figure: Codable, Hashable, Sendable {
    /// The rule's name in the port protocol.
    package var rule: String
    /// The shape, such as "2-2" or "2x2".
    package var shape: String
    /// Tokens in the vocabulary.
    package var vocabulary: Int
    /// "Double" or "Float".
    package var scalar: String
    /// Threads that decode, each a sequence of its own.
    package var threads: Int
    /// Rounds of all threads, a second.
    package var roundsPerSecond: Double
    /// Tokens of all threads, a second.
    package var tokensPerSecond: Double
    /// The process's peak resident memory, in bytes.
    package var peakMemoryBytes: Int
  }

  /// Decodes for about `seconds` and counts.
  ///
  /// - Throws: what the decoder throws of the method's shape.
  package static func measure(
    _ method: DecodingMethod, vocabulary: Int, scalar: ScalarName, threads: Int, seconds: Double
  ) async throws -> Figure {
    // Named here, so that the decoder is compiled for each scalar: generic code called from another module is not.
    switch scalar {
    case .double:
      try await measure(method, vocabulary: vocabulary, Double.self, threads: threads, seconds: seconds)
    case .float:
      try await measure(method, vocabulary: vocabulary, Float.self, threads: threads, seconds: seconds)
    }
  }

  private static func measure<Scalar: ProbabilityScalar>(
    _ method: DecodingMethod, vocabulary: Int, _ scalar: Scalar.Type, threads: Int, seconds: Double
  ) async throws -> Figure {
    let decoder = try Decoder(
      target: model(vocabulary: vocabulary, seed: 1, scalar: scalar),
      draft: model(vocabulary: vocabulary, seed: 2, scalar: scalar), method: method)
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + .seconds(seconds)
    let total = try await withThrowingTaskGroup(of: Diagnostics.self) { group in
      for thread in 0..<threads {
        group.addTask { try rounds(of: decoder, thread: thread, until: end) }
      }
      return try await group.reduce(into: Diagnostics()) { $0.merge($1) }
    }
    let duration = start.duration(to: clock.now) / .seconds(1)
    return Figure(
      rule: method.rule.name, shape: method.shape.text, vocabulary: vocabulary, scalar: "\(Scalar.self)",
      threads: threads, roundsPerSecond: Double(total.rounds) / duration,
      tokensPerSecond: Double(total.tokens) / duration, peakMemoryBytes: Machine.peakMemoryBytes)
  }

  private static func rounds<Scalar: ProbabilityScalar>(
    of decoder: Decoder<MarkovModel<Scalar>, MarkovModel<Scalar>>, thread: Int,
    until end: ContinuousClock.Instant
  ) throws -> Diagnostics {
    var session = decoder.makeSession()
    var choices = RandomChoices(Philox4x64(key: [1, UInt64(thread)]), scalar: Scalar.self)
    try decoder.begin([0], in: &session)
    let clock = ContinuousClock()
    repeat {
      for _ in 0..<4096 { try decoder.round(&session, using: &choices) }
    } while clock.now < end
    return session.diagnostics
  }

  /// A model with laws of moderate entropy: the same for every run.
  static func model<Scalar: ProbabilityScalar>(
    vocabulary: Int, seed: UInt64, scalar: Scalar.Type
  ) throws -> MarkovModel<Scalar> {
    var generator = SplitMix64(seed: seed)
    var rows: [[Token]: [Scalar]] = [:]
    for context in [[]] + (0..<vocabulary).map({ [$0] }) {
      let weights = (0..<vocabulary).map { _ in UniformBits.exponential(using: &generator) }
      let sum = weights.reduce(0, +)
      rows[context] = weights.map { Scalar(nearest: Rational(exactly: $0 / sum) ?? .zero) }
    }
    return try MarkovModel(vocabularySize: vocabulary, order: 1, rows: rows)
  }
}
