import SpeculativeDecoding
import Statistics
import ToyModels

/// A case on its way to a verdict: its counts so far, and what each look at them showed.
///
/// The cells are the sequences of positive probability; everything else is one cell of probability 0. Looking is up to
/// the caller: the sizes are those of ``AnytimeDesign/looks``.
package struct AnytimeCase: Sendable {
  /// The case; its planned samples are not used.
  package let plan: CasePlan
  /// When it ends.
  package let design: AnytimeDesign
  /// The test of the case's law.
  package private(set) var test: AnytimeTest
  /// The counts of all decodings so far.
  package private(set) var counts = CaseCounts()

  /// A case before any data.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the law has no e-process.
  package init(_ plan: CasePlan, design: AnytimeDesign) throws(CertificationError) {
    self.plan = plan
    self.design = design
    test = try AnytimeTest(law: plan.law.probabilities, design: design, place: "case \(plan.instance.id)")
  }

  /// The e-process against the case's law.
  package var process: EProcess { test.process }
  /// The looks so far.
  package var looks: [AnytimeLook] { test.looks }
  /// The verdict of the last look.
  package var verdict: AnytimeVerdict { test.verdict }

  /// Adds decodings, and looks at all of them.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the evidence cannot be computed.
  package mutating func look(adding more: CaseCounts) throws(CertificationError) {
    counts.merge(more)
    let observed = plan.law.sequences.map { counts.sequences[$0] ?? 0 }
    try test.look(at: observed, impossible: impossible)
  }

  /// Decodings that emitted a sequence of probability 0.
  package var impossible: Int {
    counts.samples - plan.law.sequences.reduce(0) { $0 + (counts.sequences[$1] ?? 0) }
  }

  /// The case as of its last look.
  package var record: AnytimeRecord {
    AnytimeRecord(
      id: plan.instance.id, samples: counts.samples, epsilon: design.epsilon,
      concentrations: process.concentrations, looks: looks,
      counts: Dictionary(
        uniqueKeysWithValues: counts.sequences.map { ($0.map(String.init).joined(separator: " "), $1) }),
      impossible: impossible, targetEvaluations: counts.rounds, tokens: counts.tokens, verdict: verdict)
  }
}
