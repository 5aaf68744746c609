import Probability
import RealModule
import SpeculativeDecoding
import Statistics
import ToyModels

/// A case made ready before any data: its exact law, its cells, its number of samples, and its power.
public struct CasePlan: Sendable {
  /// The case.
  public let testCase: CertificationCase
  /// The production decoder over the pair's models, both under the case's profile.
  public let decoder: Decoder<MarkovModel<Double>, MarkovModel<Double>>
  /// The exact law of the first tokens.
  public let law: SequenceLaw<Double>
  /// Decodings to make.
  public let samples: Int
  /// The cells that the law is tested in.
  public let cells: CellPlan
  /// The nominal significance of this case.
  public let share: Double
  /// The probability that a decoder wrong by the budget's effect fails.
  ///
  /// 0 where all sequences share one cell, which sees nothing. A law of one sequence has one cell too, but any other
  /// sequence is impossible: an effect w is then a mass w of those, missed with probability (1 − w)^N.
  public let power: Double
  /// Whether a pass would mean what the budget says.
  public let isConclusive: Bool

  /// The smallest expected count of a cell, at which a chi-square keeps its significance at such levels.
  public static let minimumExpected = 1000.0
  /// The most mass that may go into the rare cell.
  public static let maximumPooledMass = 0.05
  /// The most sequences that a law may have.
  public static let maximumSequences = 1 << 20

  /// Plans a case.
  ///
  /// - Parameter samples: decodings to make; `nil` takes as many as cells and power need.
  /// - Throws: ``CertificationError`` where the models make no decoder, or the law has too many sequences.
  public init(
    _ testCase: CertificationCase, budget: ErrorBudget, samples: Int? = nil
  ) throws(CertificationError) {
    let place = "case \(testCase.id)"
    self.testCase = testCase
    share = budget.nominalShare
    do {
      let target = try Self.model(testCase.pair.target, "\(place): target")
      let draft = try Self.model(testCase.pair.draft, "\(place): draft")
      decoder = try Decoder(
        target: try target.applying(testCase.profile), draft: try draft.applying(testCase.profile),
        method: testCase.method, endToken: testCase.endToken)
      var session = decoder.makeSession()
      try decoder.begin(testCase.pair.prompt, in: &session)
      law = try SequenceLaw(
        of: decoder.target, after: testCase.pair.prompt, length: testCase.length, endToken: testCase.endToken,
        limit: Self.maximumSequences)
    } catch let error as SpeculativeDecodingError {
      throw .decoding(place: place, error)
    } catch let error as CertificationError {
      throw error
    } catch {
      throw .certificate("\(place): \(error)")
    }
    do {
      if let samples {
        self.samples = samples
      } else {
        self.samples = try Self.samplesNeeded(law.probabilities, budget: budget)
      }
      // The last cell holds everything that the target never emits.
      cells = try CellPlan(
        probabilities: law.probabilities + [0], samples: self.samples, minimumExpected: Self.minimumExpected)
      if cells.degreesOfFreedom > 0 {
        power = try PowerDesign.power(
          effect: budget.effect, samples: self.samples, degreesOfFreedom: cells.degreesOfFreedom,
          falseFail: budget.nominalShare)
      } else {
        power = law.sequences.count == 1 ? 1 - Self.missed(mass: budget.effect, samples: self.samples) : 0
      }
      // Asserted of the plan itself, whoever chose the samples.
      isConclusive =
        cells.pooledMass <= Self.maximumPooledMass && cells.smallestExpected >= Self.minimumExpected
        && power >= 1 - budget.falsePass
    } catch {
      throw .statistics(place: place, error)
    }
  }

  /// Decodings for which the cells meet their limits and the power meets the budget.
  static func samplesNeeded(
    _ probabilities: [Double], budget: ErrorBudget
  ) throws(StatisticsError) -> Int {
    var samples = try CellPlan.minimumSamples(
      probabilities: probabilities, pooledMassAtMost: maximumPooledMass, expectedAtLeast: minimumExpected)
    // More samples keep more cells apart, which asks for more samples: a few rounds settle it.
    for _ in 0..<8 {
      let plan = try CellPlan(
        probabilities: probabilities, samples: samples, minimumExpected: minimumExpected)
      guard plan.degreesOfFreedom > 0 else { return try samplesToMeet(samples, budget) }
      let needed = try PowerDesign.samples(
        effect: budget.effect, degreesOfFreedom: plan.degreesOfFreedom, falseFail: budget.nominalShare,
        falsePass: budget.falsePass)
      if needed <= samples { break }
      samples = needed
    }
    return samples
  }

  /// Decodings of a law of one sequence for which its power meets the budget: at least `samples`.
  private static func samplesToMeet(_ samples: Int, _ budget: ErrorBudget) throws(StatisticsError) -> Int {
    let needed = (Double.log(budget.falsePass) / Double.log(onePlus: -min(budget.effect, 1))).rounded(.up)
    guard budget.effect > 0, needed < 1e15 else {
      throw .argument("an effect of \(budget.effect) needs more than 1e15 samples")
    }
    return max(samples, Int(max(needed, 0)))
  }

  /// The probability that a mass on what the target never emits is met in no sample.
  static func missed(mass: Double, samples: Int) -> Double {
    mass < 1 ? Double.exp(Double(samples) * Double.log(onePlus: -mass)) : samples > 0 ? 0 : 1
  }

  private static func model(
    _ document: ModelDocument, _ place: String
  ) throws(CertificationError) -> MarkovModel<Double> {
    do { return try document.model() } catch { throw .model(place: place, error) }
  }

  /// The most rounds that the case can take: every round emits at least one token.
  public var plannedRounds: Int { samples * testCase.length }
}
