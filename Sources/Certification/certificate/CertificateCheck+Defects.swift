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

  /// The predicted powers must be of every defect on one list of cases, and those of the kill matrix among them.
  func comparePowerMatrix() -> [Disagreement] {
    guard let stated = certificate.powerMatrix else { return [] }
    guard stated.rows.map(\.defect) == Defect.all.map(\.id),
      stated.rows.allSatisfy({ $0.power.count == stated.cases.count }),
      stated.rows.allSatisfy({ $0.power.allSatisfy { (0...1).contains($0 ?? 0) } })
    else {
      return [
        Disagreement(
          id: "", key: "powerMatrix", stated: "\(stated.rows.count) rows",
          computed: "\(Defect.all.count) in order, each of \(stated.cases.count) probabilities")
      ]
    }
    return zip(certificate.killMatrix ?? [], stated.rows).compactMap { record, row in
      let column = stated.cases.firstIndex(of: record.caseID)
      let power = column.flatMap { row.power[$0] }
      guard power != record.predictedPower else { return nil }
      return Disagreement(
        id: record.defect, key: "powerMatrix", stated: power.map { "\($0)" } ?? "nothing for \(record.caseID)",
        computed: "\(record.predictedPower)")
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
      if let powers = certificate.powerMatrix,
        let computed = try await matrix.powerMatrix(threads: threads, isInterrupted: isInterrupted)
      {
        found += Self.differences(of: powers, from: computed)
      }
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

  private static func differences(of stated: PowerMatrix, from computed: PowerMatrix) -> [Disagreement] {
    guard stated.cases == computed.cases else {
      return [Disagreement(id: "", key: "powerMatrix", stated: "other cases", computed: "those that declare a defect")]
    }
    return zip(stated.rows, computed.rows).compactMap { left, right in
      let isSame = zip(left.power, right.power).allSatisfy { stated, computed in
        switch (stated, computed) {
        case (let stated?, let computed?): isClose(stated, computed)
        default: stated == computed
        }
      }
      return isSame
        ? nil : Disagreement(id: left.defect, key: "powerMatrix", stated: "others", computed: "those of the exact laws")
    }
  }
}
