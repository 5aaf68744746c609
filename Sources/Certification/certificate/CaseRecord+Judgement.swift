import SpeculativeDecoding
import Statistics
import ToyModels

extension CaseRecord {
  /// Judges counts by the plan that was made before them.
  ///
  /// - Parameter counts: of all planned decodings, or of none, from which nothing is concluded.
  /// - Throws: ``CertificationError`` where the counts do not fit the plan.
  public init(_ plan: CasePlan, counts: CaseCounts) throws(CertificationError) {
    let testCase = plan.testCase
    id = testCase.id
    rule = testCase.method.rule.name
    branching = testCase.method.shape.branchingParameter
    width = testCase.method.shape.widthParameter
    depth = testCase.method.shape.depthParameter
    target = testCase.pair.target
    draft = testCase.pair.draft
    prompt = testCase.pair.prompt
    profile = ProfileRecord(testCase.profile)
    endToken = testCase.endToken
    length = testCase.length
    samples = counts.samples
    self.counts = Dictionary(
      uniqueKeysWithValues: counts.sequences.map { ($0.map(String.init).joined(separator: " "), $1) })
    rounds = Dictionary(uniqueKeysWithValues: counts.firstRounds.map { (String($0), $1) })
    targetEvaluations = counts.rounds
    tokens = counts.tokens

    let judgement = try Judgement(plan, sequences: counts.sequences)
    statistic = judgement.statistic
    degreesOfFreedom = judgement.degreesOfFreedom
    pValue = judgement.pValue
    impossible = judgement.impossible
    power = plan.power
    verdict = judgement.verdict
  }

  /// A case that was not run to its end: its counts are not kept, and nothing is concluded.
  public init(unfinished plan: CasePlan) throws(CertificationError) {
    try self.init(plan, counts: CaseCounts())
  }
}

/// What counts say of a plan.
struct Judgement: Sendable {
  var statistic = 0.0
  var degreesOfFreedom = 0
  var pValue = 1.0
  var impossible = 0
  var verdict = CaseVerdict.inconclusive

  /// Tests the counts; without any there is nothing to test, and the verdict is inconclusive.
  init(_ plan: CasePlan, sequences: [[Token]: Int]) throws(CertificationError) {
    degreesOfFreedom = plan.cells.degreesOfFreedom
    var observed: [Int] = []
    for sequence in plan.law.sequences { observed.append(sequences[sequence] ?? 0) }
    let samples = sequences.values.reduce(0, +)
    impossible = samples - observed.reduce(0, +)
    guard samples > 0 else { return }
    guard samples == plan.samples else {
      throw .certificate("case \(plan.testCase.id): \(samples) counted, \(plan.samples) planned")
    }
    do {
      let result = try plan.cells.test(counts: observed + [impossible])
      statistic = result.statistic
      degreesOfFreedom = result.degreesOfFreedom
      pValue = result.pValue
    } catch {
      throw .statistics(place: "case \(plan.testCase.id)", error)
    }
    if impossible > 0 || pValue < plan.share {
      verdict = .fail
    } else {
      verdict = plan.isConclusive ? .pass : .inconclusive
    }
  }
}
