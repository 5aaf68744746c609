import Certification
import Probability
import SpeculativeDecoding
import Statistics

extension TransformerRecord {
  /// The record of what was counted.
  ///
  /// - Throws: ``CertificationError/statistics(place:_:)`` where the counts cannot be tested.
  init(
    _ testCase: TransformerCase, _ budget: ErrorBudget, counts: CaseCounts, forwardPasses: Int, inconsistent: Int?
  ) throws(CertificationError) {
    self.init(unfinished: testCase)
    own.counts = Dictionary(
      uniqueKeysWithValues: counts.sequences.map { ($0.key.map(String.init).joined(separator: " "), $0.value) })
    own.forwardPasses = forwardPasses
    own.inconsistent = inconsistent
    own.rounds = Dictionary(uniqueKeysWithValues: counts.firstRounds.map { (String($0.key), $0.value) })
    own.targetEvaluations = counts.rounds
    own.tokens = counts.tokens
    own.samples = counts.samples
    try own.judge(within: budget)
  }

  /// The record of a case that was not decoded: nothing is concluded.
  package init(unfinished testCase: TransformerCase) {
    self.init(
      id: testCase.id, method: testCase.method, prompt: testCase.prompt, profile: testCase.profile,
      length: testCase.length, law: testCase.law.mapValues(\.approximation), acceptance: testCase.acceptance?.law,
      evaluated: testCase.evaluated, power: testCase.power)
  }
}
