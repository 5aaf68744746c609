import SpeculativeDecoding

extension CertificateCheck {
  /// All disagreements between the certificate and the one that its seed gives: decoded, proved and killed again.
  ///
  /// After an interruption the rest is taken as stated, so that nothing can be concluded from the result.
  /// - Throws: ``CertificationError`` where a case cannot be decoded, where the corpus of the proofs is not this package's,
  ///   and where an enumeration is interrupted.
  public func replayDisagreements(
    threads: Int, observer: CertificationRun.Observer = .init()
  ) async throws(CertificationError) -> [Disagreement] {
    guard let seed else { throw .certificate("seed \"\(certificate.seed)\" is no UInt64") }
    var again = certificate
    try await replayCases(of: &again, seed, threads, observer)
    if let report = certificate.proofs { again.proofs = try await proved(report, threads, observer) }
    if certificate.rounding != nil {
      again.rounding = try RoundingSuite.certificates(limits: EnumerationLimits { _ in !observer.isInterrupted() })
    }
    try await replayDefects(of: &again, seed, threads, observer)
    for (index, record) in (certificate.transformers?.cases ?? []).enumerated() {
      guard let models, let report = certificate.transformers, record.samples > 0, record.isCase,
        !observer.isInterrupted()
      else { continue }
      let replayed = try await models.replayed(
        record, of: report, budget: certificate.errorBudget, seed: seed, threads: threads,
        isInterrupted: observer.isInterrupted)
      if let replayed { again.transformers?.cases[index] = replayed }
    }
    // The first count of a case that the seed does not give stands for all of them.
    var seen: Set<String> = []
    return try Disagreement.between(certificate, again).filter { $0.id.isEmpty || seen.insert($0.id).inserted }
  }

  /// Whether cases over transformers can be decoded again: their models are those that the check was given.
  ///
  /// - Throws: ``CertificationError/corpus(_:)``, if the program had been built over damaged files.
  public func replaysTransformers() throws(CertificationError) -> Bool {
    guard let report = certificate.transformers else { return true }
    return try models?.knows(report) ?? false
  }

  private func replayCases(
    of again: inout Certificate, _ seed: UInt64, _ threads: Int, _ observer: CertificationRun.Observer
  ) async throws(CertificationError) {
    var plans: [CasePlan] = []
    var rounds = 0
    for record in certificate.cases where record.samples > 0 {
      let plan = try plan(for: record)
      let (sum, isTooMuch) = rounds.addingReportingOverflow(plan.plannedRounds)
      guard !isTooMuch else { throw .certificate("the cases have more rounds than can be counted") }
      rounds = sum
      plans.append(plan)
    }
    let options = ShardedRun.Options(
      seed: seed, threads: threads, isInterrupted: observer.isInterrupted,
      progress: { observer.progress($0.finishedRounds, $0.rounds, $0.current) })
    let records = try await ShardedRun(.production, options).records(of: plans)
    var replayed = records.makeIterator()
    for (index, stated) in certificate.cases.enumerated() where stated.samples > 0 {
      guard let record = replayed.next(), record.samples > 0 else { continue }
      // The verdicts that follow from stated counts are the other check's: what a seed gives are counts.
      again.cases[index].counts = record.counts
      again.cases[index].rounds = record.rounds
      again.cases[index].targetEvaluations = record.targetEvaluations
      again.cases[index].tokens = record.tokens
    }
  }

  private func proved(
    _ stated: ProofReport, _ threads: Int, _ observer: CertificationRun.Observer
  ) async throws(CertificationError) -> ProofReport {
    guard stated.corpus == ProofCorpus.version else {
      throw .certificate("proofs of \(stated.corpus) cannot be repeated; this package has \(ProofCorpus.version)")
    }
    let wanted = Set(stated.cases.map(\.id))
    let corpus = try ProofCorpus.cases().filter { wanted.contains($0.id) }
    if let unknown = wanted.subtracting(corpus.map(\.id)).min() {
      throw .certificate("proofs has the case \"\(unknown)\", which \(ProofCorpus.version) lacks")
    }
    let runner = ProofRunner(
      threads: threads, isInterrupted: observer.isInterrupted,
      progress: { observer.progress($0.finishedCases, $0.cases, "\($0.branches) branches") })
    return ProofReport(corpus: stated.corpus, selection: stated.selection, proofs: try await runner.run(corpus))
  }

  private func replayDefects(
    of again: inout Certificate, _ seed: UInt64, _ threads: Int, _ observer: CertificationRun.Observer
  ) async throws(CertificationError) {
    let share = certificate.errorBudget.nominalShare
    if let stated = certificate.observables {
      let cases = try ObservableSuite.cases(share: share)
      for (index, pair) in zip(stated, cases).enumerated() where pair.0.id == pair.1.id && pair.0.samples > 0 {
        if observer.isInterrupted() { return }
        again.observables?[index].counts = try pair.1.run(seed: seed).counts
      }
    }
    guard certificate.killMatrix != nil, !observer.isInterrupted() else { return }
    let matrix = try KillMatrix(try WitnessFixture.embedded(), share: share)
    if certificate.powerMatrix != nil,
      let powers = try await matrix.powerMatrix(threads: threads, isInterrupted: observer.isInterrupted)
    {
      again.powerMatrix = powers
    }
    let killed = try await matrix.run(seed: seed, threads: threads, isInterrupted: observer.isInterrupted)
    if !observer.isInterrupted() { again.killMatrix = killed }
  }
}
