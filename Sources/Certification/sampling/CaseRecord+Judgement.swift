import SpeculativeDecoding
import Statistics
import ToyModels

extension CaseRecord {
  /// Judges counts by the plan that was made before them.
  ///
  /// - Parameter counts: of all planned decodings, or of none, from which nothing is concluded.
  /// - Throws: ``CertificationError`` where the counts do not fit the plan.
  package init(_ plan: CasePlan, counts: CaseCounts) throws(CertificationError) {
    let judgement = try Judgement(plan, sequences: counts.sequences)
    base = InstanceRecord(plan.instance)
    own = CaseResult(
      samples: counts.samples,
      counts: Dictionary(
        uniqueKeysWithValues: counts.sequences.map { ($0.map(String.init).joined(separator: " "), $1) }),
      rounds: Dictionary(uniqueKeysWithValues: counts.firstRounds.map { (String($0), $1) }),
      targetEvaluations: counts.rounds, tokens: counts.tokens, statistic: judgement.statistic,
      degreesOfFreedom: judgement.degreesOfFreedom, pValue: judgement.pValue, impossible: judgement.impossible,
      power: plan.power, verdict: judgement.verdict)
  }

  /// A case that was not run to its end: its counts are not kept, and nothing is concluded.
  package init(unfinished plan: CasePlan) throws(CertificationError) {
    try self.init(plan, counts: CaseCounts())
  }
}

/// The judgement of counts by a plan.
struct Judgement: Sendable {
  var statistic = 0.0
  var degreesOfFreedom = 0
  var pValue = 1.0
  var impossible = 0
  var verdict = CaseVerdict.inconclusive

  /// Tests the counts; without any there is nothing to test, and the verdict is inconclusive.
  init(_ plan: CasePlan, sequences: [[Token]: Int]) throws(CertificationError) {
    degreesOfFreedom = plan.test.cells.degreesOfFreedom
    let samples = sequences.values.reduce(0, +)
    guard samples > 0 else { return }
    guard samples == plan.samples else {
      throw .certificate("case \(plan.instance.id): \(samples) counted, \(plan.samples) planned")
    }
    do {
      let result = try plan.test.result(of: sequences)
      (statistic, pValue, impossible) = (result.statistic, result.pValue, result.impossible)
      verdict = plan.test.refuses(result) ? .fail : plan.isConclusive ? .pass : .inconclusive
    } catch {
      throw .statistics(place: "case \(plan.instance.id)", error)
    }
  }
}
