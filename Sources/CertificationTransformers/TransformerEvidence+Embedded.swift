import Certification
import Probability
import SpeculativeDecoding
import Statistics
import Transformer

extension TransformerEvidence {
  /// The embedded pair: the default suite's case over transformers, and the check of certificates over them.
  ///
  ///     let run = try CertificationRun(SuiteSelection(), .init(transformers: .embedded))
  ///
  /// The models are read when they are first asked for.
  public static let embedded = TransformerEvidence(EmbeddedModels())
}

/// The embedded pair as models of a certificate.
private struct EmbeddedModels: TransformerModels {
  /// Runs the default suite's case.
  ///
  /// - Throws: ``CertificationError`` where it cannot be decoded.
  func report(
    budget: ErrorBudget, seed: UInt64, threads: Int, observer: CertificationRun.Observer
  ) async throws(CertificationError) -> TransformerReport {
    let pair = try EmbeddedTransformers.pair()
    return try await EmbeddedTransformers.standardSuite().report(
      target: (pair.target, pair.targetFingerprint),
      draft: (.transformer(pair.draft), .transformer(pair.draftFingerprint)), budget: budget, seed: seed,
      threads: threads, observer: observer)
  }

  /// The report that the default suite asks for, with the stated records.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be planned.
  func standard(
    _ stated: TransformerReport, budget: ErrorBudget
  ) throws(CertificationError) -> TransformerReport {
    let pair = try EmbeddedTransformers.pair()
    let records = Dictionary(stated.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let cases = try EmbeddedTransformers.standardSuite().cases(
      target: pair.target, draft: .transformer(pair.draft), budget: budget)
    return TransformerReport(
      target: pair.targetFingerprint, draft: .transformer(pair.draftFingerprint),
      cases: cases.map { records[$0.id] ?? TransformerRecord(unfinished: $0) })
  }

  /// A stated record with the laws that the embedded models give; `nil` where the models are others.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be planned.
  func withLaws(
    _ record: TransformerRecord, of report: TransformerReport, budget: ErrorBudget
  ) throws(CertificationError) -> TransformerRecord? {
    let pair = try EmbeddedTransformers.pair()
    guard let draft = pair.draft(of: report), let testCase = try pair.testCase(record, draft: draft, budget) else {
      return nil
    }
    var again = record
    // The numbers of another machine are not these to the last bit: laws that agree stay as they are stated.
    let law = testCase.law.mapValues(\.approximation)
    if !Self.isClose(record.law, law) { again.law = law }
    if !Self.isClose(record.acceptance ?? [:], testCase.acceptance?.law ?? [:]) {
      again.acceptance = testCase.acceptance?.law
    }
    return again
  }

  private static func isClose(_ stated: [String: Double], _ computed: [String: Double]) -> Bool {
    stated.count == computed.count && computed.allSatisfy { Disagreement.isClose(stated[$0.key] ?? -1, $0.value) }
  }

  /// A stated record decoded again from the seed; `nil` where the models are others, or after an interruption.
  ///
  /// - Throws: ``CertificationError`` where it cannot be decoded.
  func replayed(
    _ record: TransformerRecord, of report: TransformerReport, budget: ErrorBudget, seed: UInt64, threads: Int,
    isInterrupted: @escaping @Sendable () -> Bool
  ) async throws(CertificationError) -> TransformerRecord? {
    let pair = try EmbeddedTransformers.pair()
    guard let draft = pair.draft(of: report), let testCase = try pair.testCase(record, draft: draft, budget) else {
      return nil
    }
    let options = ShardedRun.Options(seed: seed, threads: threads, isInterrupted: isInterrupted)
    let runner = TransformerRunner(target: pair.target, draft: draft, options)
    guard let replayed = try await runner.run(testCase, budget) else { return nil }
    var again = record
    (again.counts, again.rounds, again.tokens) = (replayed.counts, replayed.rounds, replayed.tokens)
    (again.targetEvaluations, again.inconsistent) = (replayed.targetEvaluations, replayed.inconsistent)
    return again
  }

  /// Whether a report is of the embedded target, and of a draft that can be made again.
  ///
  /// - Throws: ``CertificationError/corpus(_:)``, if the program had been built over damaged files.
  func knows(_ report: TransformerReport) throws(CertificationError) -> Bool {
    try EmbeddedTransformers.pair().draft(of: report) != nil
  }
}
