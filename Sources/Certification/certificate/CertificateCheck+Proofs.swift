import SpeculativeDecoding

extension CertificateCheck {
  /// All disagreements between the stated proofs and rounding and those that this package finds again.
  ///
  /// - Throws: ``CertificationError`` where the corpus is not this package's, or an enumeration is interrupted.
  public func proofDisagreements(
    threads: Int, isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (ProofRunner.Progress) -> Void = { _ in }
  ) async throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    if let stated = certificate.proofs {
      guard stated.corpus == ProofCorpus.version else {
        throw .certificate("proofs of \(stated.corpus) cannot be repeated; this package has \(ProofCorpus.version)")
      }
      let wanted = Set(stated.cases.map(\.id))
      let corpus = try ProofCorpus.cases().filter { wanted.contains($0.id) }
      if let unknown = wanted.subtracting(corpus.map(\.id)).min() {
        throw .certificate("proofs has the case \"\(unknown)\", which \(ProofCorpus.version) lacks")
      }
      let runner = ProofRunner(threads: threads, isInterrupted: isInterrupted, progress: progress)
      let again = ProofReport(
        corpus: stated.corpus, selection: stated.selection, proofs: try await runner.run(corpus))
      let records = Dictionary(again.cases.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      for record in stated.cases where records[record.id] != record {
        found.append(
          Disagreement(
            id: record.id, key: "proofs", stated: record.verdict.rawValue,
            computed: records[record.id]?.verdict.rawValue ?? "absent"))
      }
    }
    if let stated = certificate.rounding {
      let again = try RoundingSuite.certificates(limits: EnumerationLimits { _ in !isInterrupted() })
      if stated != again {
        let index = zip(stated, again).prefix { $0.0 == $0.1 }.count
        found.append(
          Disagreement(
            id: "", key: "rounding[\(index)]",
            stated: index < stated.count ? "\(stated[index].totalVariation)" : "absent",
            computed: index < again.count ? "\(again[index].totalVariation)" : "absent"))
      }
    }
    return found
  }
}
