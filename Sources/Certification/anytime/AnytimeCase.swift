import SpeculativeDecoding
import Statistics
import ToyModels

/// A case on its way to a verdict: its counts so far, and what each look at them showed.
///
/// The cells are the sequences of positive probability; everything else is one cell of probability 0. Looking is up to
/// the caller: the sizes are those of ``AnytimeDesign/looks``.
public struct AnytimeCase: Sendable {
  /// The case; its planned samples are not used.
  public let plan: CasePlan
  /// When it ends.
  public let design: AnytimeDesign
  /// The e-process against the case's law.
  public let process: EProcess
  /// The counts of all decodings so far.
  public private(set) var counts = CaseCounts()
  /// The looks so far.
  public private(set) var looks: [AnytimeLook] = []
  /// What follows from the last look.
  public private(set) var verdict = AnytimeVerdict.inconclusive
  private let logThreshold: Double

  /// A case before any data.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the law has no e-process.
  public init(_ plan: CasePlan, design: AnytimeDesign) throws(CertificationError) {
    self.plan = plan
    self.design = design
    logThreshold = try design.logThreshold
    do {
      process = try EProcess(law: plan.law.probabilities + [0])
    } catch {
      throw .statistics(place: "case \(plan.testCase.id)", error)
    }
  }

  /// Adds decodings, and looks at all of them.
  ///
  /// Evidence is judged before the bound: a law that is refused is not certified, however small the difference.
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the evidence cannot be computed.
  public mutating func look(adding more: CaseCounts) throws(CertificationError) {
    counts.merge(more)
    let observed = plan.law.sequences.map { counts.sequences[$0] ?? 0 }
    let cells = observed + [impossible]
    let look: AnytimeLook
    do {
      look = AnytimeLook(
        samples: counts.samples, logEvidence: try process.logEvidence(counts: cells),
        totalVariationBound: try process.totalVariationBound(counts: cells, falseFail: design.boundShare))
    } catch {
      throw .statistics(place: "case \(plan.testCase.id)", error)
    }
    looks.append(look)
    if look.logEvidence >= logThreshold {
      verdict = .refused
    } else if look.totalVariationBound <= design.epsilon {
      verdict = .certified
    }
  }

  /// Decodings that emitted a sequence of probability 0.
  public var impossible: Int {
    counts.samples - plan.law.sequences.reduce(0) { $0 + (counts.sequences[$1] ?? 0) }
  }

  /// The case as of its last look.
  public var record: AnytimeRecord {
    AnytimeRecord(
      id: plan.testCase.id, samples: counts.samples, epsilon: design.epsilon,
      concentrations: process.concentrations, looks: looks,
      counts: Dictionary(
        uniqueKeysWithValues: counts.sequences.map { ($0.map(String.init).joined(separator: " "), $1) }),
      impossible: impossible, targetEvaluations: counts.rounds, tokens: counts.tokens, verdict: verdict)
  }
}
