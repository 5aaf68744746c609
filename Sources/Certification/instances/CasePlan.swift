import Probability
import SpeculativeDecoding
import Statistics
import ToyModels

/// A case made ready before any data: its exact law, its cells, its number of samples, and its power.
public struct CasePlan: Sendable {
  /// The case.
  public let instance: Instance
  /// The production decoder over the pair's models, both under the case's profile.
  public let decoder: Decoder<MarkovModel<Double>, MarkovModel<Double>>
  /// The exact law of the first tokens.
  public let law: SequenceLaw<Double>
  /// The test of the law: its cells, its samples, its share of the false-fail rate.
  public let test: LawTest<[Token]>
  /// The probability that a decoder wrong by the budget's effect fails.
  public let power: Double
  /// Whether a pass would mean what the budget says.
  public let isConclusive: Bool

  /// The most sequences that a law may have.
  public static let maximumSequences = 1 << 20

  /// Decodings to make.
  public var samples: Int { test.samples }

  /// Plans a case.
  ///
  /// - Parameter samples: decodings to make; `nil` takes as many as cells and power need.
  /// - Throws: ``CertificationError`` where the models make no decoder, or the law has too many sequences.
  public init(
    _ instance: Instance, budget: ErrorBudget, samples: Int? = nil
  ) throws(CertificationError) {
    let place = "case \(instance.id)"
    self.instance = instance
    do {
      let target = try Self.model(instance.pair.target, "\(place): target")
      let draft = try Self.model(instance.pair.draft, "\(place): draft")
      decoder = try Decoder(
        target: try target.applying(instance.profile), draft: try draft.applying(instance.profile),
        method: instance.method, endToken: instance.endToken)
      var session = decoder.makeSession()
      try decoder.begin(instance.pair.prompt, in: &session)
      law = try SequenceLaw(
        of: decoder.target, after: instance.pair.prompt, length: instance.length, endToken: instance.endToken,
        limit: Self.maximumSequences)
    } catch let error as SpeculativeDecodingError {
      throw .decoding(place: place, error)
    } catch let error as CertificationError {
      throw error
    } catch {
      throw .certificate("\(place): \(error)")
    }
    do {
      let planned = if let samples { samples } else { try Self.samplesNeeded(law.probabilities, budget: budget) }
      test = try LawTest(
        outcomes: law.sequences, probabilities: law.probabilities, samples: planned, share: budget.nominalShare)
      power = try test.power(atEffect: budget.effect)
      // Asserted of the plan itself, whoever chose the samples.
      isConclusive = test.hasSoundCells && power >= 1 - budget.falsePass
    } catch {
      throw .statistics(place: place, error)
    }
  }

  /// Decodings for which the cells meet their limits and the power meets the budget.
  package static func samplesNeeded(
    _ probabilities: [Double], budget: ErrorBudget
  ) throws(StatisticsError) -> Int {
    try LawTest<[Token]>.samplesNeeded(
      probabilities, effect: budget.effect, share: budget.nominalShare, falsePass: budget.falsePass)
  }

  private static func model(
    _ document: ModelDocument, _ place: String
  ) throws(CertificationError) -> MarkovModel<Double> {
    do { return try document.model() } catch { throw .model(place: place, error) }
  }

  /// The most rounds that the case can take: every round emits at least one token.
  public var plannedRounds: Int { samples * instance.length }
}
