import Probability
import SpeculativeDecoding

extension CertificationRun {
  /// Proves, samples and judges; what an interruption leaves out makes the certificate inconclusive.
  ///
  /// - Parameter subject: the decoder that is sampled; proofs and defects are of the production decoder.
  /// - Throws: ``CertificationError`` where a case makes no decoder, or cannot be decoded or tested.
  public func certificate(
    of subject: any Subject = DecoderSubject.production, observer: Observer = Observer()
  ) async throws(CertificationError) -> Certificate {
    let plans = try plans()
    let proofs = try await prove(observer)
    observer.found(.planned(plans))
    let run = ShardedRun(
      subject,
      .init(
        seed: seed, threads: options.threads, isInterrupted: observer.isInterrupted,
        progress: {
          observer.progress($0.finishedRounds, $0.rounds, "\($0.finishedCases)/\($0.cases) \($0.current)")
        }))
    let records = try await run.records(of: plans) { observer.found(.judged($0)) }
    var certificate = Certificate(
      suite: .init(version: suite.version, selection: name), seed: seed, errorBudget: suite.budget, cases: records,
      proofs: proofs.report, rounding: proofs.rounding)
    if let selection, selection.isStandard, !selection.isQuick, options.runsDefects {
      try await addDefects(to: &certificate, observer)
    }
    if let selection, selection.isStandard, let models = options.transformers?.models {
      certificate.add(
        transformers: try await models.report(
          budget: suite.budget, seed: seed, threads: options.threads, observer: observer))
    }
    return certificate
  }

  private func prove(
    _ observer: Observer
  ) async throws(CertificationError) -> (report: ProofReport?, rounding: [RoundingCertificate]?) {
    guard let selection, selection.isStandard, options.proves else { return (nil, nil) }
    let corpus = selection.isQuick ? try ProofCorpus.quick() : try ProofCorpus.cases()
    let runner = ProofRunner(
      threads: options.threads, isInterrupted: observer.isInterrupted,
      progress: {
        observer.progress(
          $0.finishedCases, $0.cases, "\($0.finishedCases)/\($0.cases) proofs, \($0.branches) branches")
      })
    let report = ProofReport(corpus: ProofCorpus.version, selection: name, proofs: try await runner.run(corpus))
    let rounding = observer.isInterrupted() ? nil : try RoundingSuite.certificates()
    observer.found(.proved(report, rounding: rounding))
    return (report, rounding)
  }

  /// The known defects on the instances that declare them, and production on the same.
  ///
  /// The defects come first: an interruption in either leaves a test beside the cases undone, and the run inconclusive.
  private func addDefects(to certificate: inout Certificate, _ observer: Observer) async throws(CertificationError) {
    let share = suite.budget.nominalShare
    let cases = try ObservableSuite.cases(share: share)
    var killed: [KillRecord] = []
    var matrix: KillMatrix?
    if !observer.isInterrupted() {
      let whole = try KillMatrix(try WitnessFixture.embedded(), share: share)
      killed = try await whole.run(
        seed: seed, threads: options.threads, isInterrupted: observer.isInterrupted,
        progress: { observer.progress($0, $1 + cases.count, "\($0)/\($1) known defects") })
      if killed.count == whole.entries.count, whole.uncovered.isEmpty { matrix = whole }
    }
    var observables: [ObservableRecord] = []
    for (index, observableCase) in cases.enumerated() {
      observer.progress(killed.count + index, killed.count + cases.count, observableCase.id)
      observables.append(
        observer.isInterrupted()
          ? ObservableRecord(unfinished: observableCase) : try observableCase.run(seed: seed))
    }
    observer.found(.tested(observables, killMatrix: matrix == nil ? nil : killed))
    let powers = try await matrix?.powerMatrix(
      threads: options.threads, isInterrupted: observer.isInterrupted,
      progress: { observer.progress($0, $1, "\($0)/\($1) rows of the kill matrix") })
    certificate.add(observables: observables, killMatrix: matrix == nil ? nil : killed, powerMatrix: powers)
  }
}
