import Certification
import SpeculativeDecoding
import Transformer

extension TransformerSuite {
  /// Plans the cases, decodes and judges them; cases whose laws an interruption left out are not in the report.
  ///
  /// - Parameters:
  ///   - target: the model whose law is certified, and what the certificate says of it.
  ///   - draft: what proposes, and what the certificate says of it.
  ///   - samples: decodings of each case; as many as its plan needs by default.
  /// - Throws: ``CertificationError`` where the models make no decoder, or cannot evaluate.
  package func report(
    target: (model: TransformerModel, fingerprint: ModelFingerprint),
    draft: (model: DraftModel, fingerprint: DraftFingerprint), budget: ErrorBudget, seed: UInt64, threads: Int,
    samples: Int? = nil, observer: CertificationRun.Observer = .init()
  ) async throws(CertificationError) -> TransformerReport {
    let cases: [TransformerCase]
    do {
      cases = try self.cases(target: target.model, draft: draft.model, budget: budget, samples: samples) { done, most in
        observer.progress(done, most, "laws after \(done) texts")
        return !observer.isInterrupted()
      }
    } catch {
      guard case .decoding(_, .interrupted) = error else { throw error }
      observer.found(.notRun(count))
      return TransformerReport(target: target.fingerprint, draft: draft.fingerprint, cases: [])
    }
    observer.found(.plannedTransformers(cases.map(\.id)))
    var records: [TransformerRecord] = []
    for (index, testCase) in cases.enumerated() {
      let runner = TransformerRunner(
        target: target.model, draft: draft.model,
        ShardedRun.Options(
          seed: seed, threads: threads, isInterrupted: observer.isInterrupted,
          progress: {
            observer.progress(
              index * $0.rounds + $0.finishedRounds, cases.count * $0.rounds, "\(index)/\(cases.count) \($0.current)")
          }))
      let record = try await runner.run(testCase, budget) ?? TransformerRecord(unfinished: testCase)
      records.append(record)
      observer.found(.judgedTransformer(record))
    }
    return TransformerReport(target: target.fingerprint, draft: draft.fingerprint, cases: records)
  }
}
