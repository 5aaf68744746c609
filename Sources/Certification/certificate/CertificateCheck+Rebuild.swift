import SpeculativeDecoding

extension CertificateCheck {
  /// The certificate that follows from this one's inputs and counts.
  ///
  /// - Throws: ``CertificationError`` where a case is no case.
  func rebuilt() throws(CertificationError) -> Certificate {
    var again = certificate
    let suite = try suite()
    if let suite { again.errorBudget = suite.budget }
    again.cases = try rebuiltCases(suite)
    if let report = certificate.proofs { again.proofs = try rebuilt(report) }
    if let rounding = certificate.rounding { again.rounding = try rebuilt(rounding) }
    if let observables = certificate.observables {
      again.observables = try rebuilt(observables, share: again.errorBudget.nominalShare)
    }
    if let killMatrix = certificate.killMatrix { again.killMatrix = rebuilt(killMatrix) }
    if let report = certificate.transformers { again.transformers = try rebuilt(report, again.errorBudget) }
    again.verdict = again.impliedVerdict
    return again
  }

  /// The suite of this package with the stated selection; `nil` where the version is of another.
  func suite() throws(CertificationError) -> Suite? {
    let stated = certificate.suite
    guard [DefaultSuite.version, WideSuite.version].contains(stated.version) else { return nil }
    return try SuiteSelection(name: stated.selection, ofSuite: stated.version).suite()
  }

  /// The cases of the suite with the stated counts, or those that the records state.
  private func rebuiltCases(_ suite: Suite?) throws(CertificationError) -> [CaseRecord] {
    var cases: [CaseRecord] = []
    guard let suite else {
      for record in certificate.cases {
        let instance = try instance(of: record)
        cases.append(try rebuilt(record, instance, certificate.errorBudget))
      }
      return cases
    }
    let stated = Dictionary(certificate.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for instance in suite.cases {
      if let record = stated[instance.id] {
        // What is no case by its own words is no case of the suite either.
        _ = try self.instance(of: record)
        cases.append(try rebuilt(record, instance, suite.budget))
      } else {
        cases.append(try CaseRecord(unfinished: CasePlan(instance, budget: suite.budget)))
      }
    }
    return cases
  }

  /// The record that an instance's plan makes of stated counts.
  private func rebuilt(
    _ record: CaseRecord, _ instance: Instance, _ budget: ErrorBudget
  ) throws(CertificationError) -> CaseRecord {
    let counts = try record.caseCounts()
    let plan = try CasePlan(instance, budget: budget, samples: counts.samples > 0 ? counts.samples : nil)
    return try CaseRecord(plan, counts: counts)
  }

  /// The corpus's cases with the stated figures.
  private func rebuilt(_ report: ProofReport) throws(CertificationError) -> ProofReport {
    guard report.corpus == ProofCorpus.version else { return report }
    let stated = Dictionary(report.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let corpus: [Instance] =
      switch report.selection {
      case "all": try ProofCorpus.cases()
      case "quick": try ProofCorpus.quick()
      // A selection by rules and a pattern is written without its rules, so that only the order can be compared.
      default: try ProofCorpus.cases().filter { stated[$0.id] != nil }
      }
    var again = report
    again.cases = corpus.map { instance in
      guard var record = stated[instance.id] else {
        return ProofRecord(Proof(instance: instance, verdict: .unfinished("absent")))
      }
      record.length = instance.length
      return record
    }
    return again
  }

  /// The suite's rounds with the stated figures.
  private func rebuilt(_ rounding: [RoundingCertificate]) throws(CertificationError) -> [RoundingCertificate] {
    let rounds = try RoundingSuite.rounds()
    return rounds.enumerated().map { index, round in
      RoundingCertificate(
        round, branches: index < rounding.count ? rounding[index].branches : 0,
        totalVariation: index < rounding.count ? rounding[index].totalVariation : 0)
    }
  }

  /// The tests beside the cases, judged from the stated counts.
  private func rebuilt(
    _ observables: [ObservableRecord], share: Double
  ) throws(CertificationError) -> [ObservableRecord] {
    let stated = Dictionary(observables.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var again: [ObservableRecord] = []
    for observableCase in try ObservableSuite.cases(share: share) {
      let judged = try stated[observableCase.id].flatMap(observableCase.rejudge)
      again.append(judged ?? ObservableRecord(unfinished: observableCase))
    }
    return again
  }

  /// The known defects with the stated figures.
  ///
  /// The runs are of wrong decoders; their counts are not kept, and a replay runs them again.
  private func rebuilt(_ killMatrix: [KillRecord]) -> [KillRecord] {
    let stated = Dictionary(killMatrix.map { ($0.defect, $0) }, uniquingKeysWith: { first, _ in first })
    let powers = certificate.powerMatrix
    return Defect.all.map { defect in
      KillRecord(
        defect, like: stated[defect.id],
        predictedPower: stated[defect.id].flatMap { powers?.power(of: defect.id, on: $0.caseID) })
    }
  }

  /// The cases over transformers, judged from the stated counts, under the laws of models that are known.
  private func rebuilt(
    _ report: TransformerReport, _ budget: ErrorBudget
  ) throws(CertificationError) -> TransformerReport {
    var again = report
    for (index, record) in report.cases.enumerated() where record.isCase {
      var record = try models?.withLaws(record, of: report, budget: budget) ?? record
      if record.samples > 0 { try record.own.judge(within: budget) }
      again.cases[index] = record
    }
    if certificate.suite.version == DefaultSuite.version, let models {
      again = try models.standard(again, budget: budget)
    }
    return again
  }
}
