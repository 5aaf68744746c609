import SpeculativeDecoding

extension CertificateCheck {
  /// The tests beside the cases must be this package's, and follow from their counts.
  func compareObservables() throws(CertificationError) -> [Disagreement] {
    guard let stated = certificate.observables else { return [] }
    let cases = try ObservableSuite.cases(share: certificate.errorBudget.nominalShare)
    guard stated.map(\.id) == cases.map(\.id) else {
      return [
        Disagreement(
          id: "", key: "observables", stated: "\(stated.count) others", computed: "those of \(DefaultSuite.version)")
      ]
    }
    var found: [Disagreement] = []
    for (record, observableCase) in zip(stated, cases) {
      guard let again = try observableCase.rejudge(record) else {
        found.append(
          Disagreement(
            id: record.id, key: "counts", stated: "of other outcomes", computed: "\(observableCase.samples) samples"))
        continue
      }
      if again.verdict != record.verdict {
        found.append(
          Disagreement(
            id: record.id, key: "verdict", stated: record.verdict.rawValue, computed: again.verdict.rawValue))
      }
      if !Self.isClose(record.pValue, again.pValue) || !Self.isClose(record.statistic, again.statistic) {
        found.append(
          Disagreement(id: record.id, key: "pValue", stated: "\(record.pValue)", computed: "\(again.pValue)"))
      }
    }
    return found
  }

  /// The kill matrix must name every known defect once, in order, each with a verdict that fits its kind.
  ///
  /// Its runs are of wrong decoders; their counts are not kept, and a replay runs them again.
  func compareKillMatrix() -> [Disagreement] {
    guard let stated = certificate.killMatrix else { return [] }
    guard stated.map(\.defect) == Defect.all.map(\.id) else {
      return [
        Disagreement(
          id: "", key: "killMatrix", stated: "\(stated.count) defects", computed: "\(Defect.all.count), in order")
      ]
    }
    return zip(stated, Defect.all).compactMap { record, defect in
      let allowed: [KillRecord.Verdict] = defect.isLossless ? [.passed, .refused] : [.killed, .missed]
      guard !allowed.contains(record.verdict) else { return nil }
      return Disagreement(
        id: record.defect, key: "killMatrix.verdict", stated: record.verdict.rawValue, computed: allowed[0].rawValue)
    }
  }

  /// All disagreements between the stated tests beside the cases and those that the seed gives.
  ///
  /// - Throws: ``CertificationError`` where one cannot be run.
  public func defectDisagreements(
    threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) async throws(CertificationError) -> [Disagreement] {
    guard let seed = UInt64(certificate.seed) else { throw .certificate("seed \"\(certificate.seed)\" is no UInt64") }
    let share = certificate.errorBudget.nominalShare
    var found: [Disagreement] = []
    for (record, observableCase) in zip(certificate.observables ?? [], try ObservableSuite.cases(share: share))
    where !isInterrupted() && record.samples > 0 {
      let again = try observableCase.run(seed: seed)
      if again.counts != record.counts {
        found.append(Disagreement(id: record.id, key: "counts", stated: "others", computed: "those of the seed"))
      }
    }
    if let stated = certificate.killMatrix {
      let matrix = try KillMatrix(try WitnessFixture.embedded(), share: share)
      let again = try await matrix.run(seed: seed, threads: threads, isInterrupted: isInterrupted)
      for (left, right) in zip(stated, again) where left.verdict != right.verdict || left.caseID != right.caseID {
        found.append(
          Disagreement(
            id: left.defect, key: "killMatrix.verdict", stated: left.verdict.rawValue, computed: right.verdict.rawValue)
        )
      }
    }
    return found
  }
}
