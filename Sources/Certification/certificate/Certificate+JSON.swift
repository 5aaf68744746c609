import Foundation

extension Certificate {
  /// A certificate of these cases, proofs and rounding; its verdict follows from theirs.
  package init(
    suite: SuiteReference, seed: UInt64, errorBudget: ErrorBudget, cases: [CaseRecord], proofs: ProofReport? = nil,
    rounding: [RoundingCertificate]? = nil
  ) {
    self.init(
      suite: suite, package: CertificationModule.packageVersion, seed: String(seed),
      machine: Machine.description, errorBudget: errorBudget, proofs: proofs, rounding: rounding, cases: cases,
      verdict: .inconclusive)
    verdict = impliedVerdict
  }

  /// Adds what stands beside the cases; the verdict follows from everything.
  package mutating func add(
    observables: [ObservableRecord]?, killMatrix: [KillRecord]?, powerMatrix: PowerMatrix? = nil
  ) {
    self.observables = observables
    self.killMatrix = killMatrix
    self.powerMatrix = powerMatrix
    verdict = impliedVerdict
  }

  /// Adds cases over two transformers; the verdict follows from everything.
  package mutating func add(transformers: TransformerReport?) {
    self.transformers = transformers
    verdict = impliedVerdict
  }

  /// The certificate as JSON, keys sorted: equal certificates are equal bytes.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  public func json() throws(CertificationError) -> Data { try StableJSON.encode(self) }

  /// Reads a certificate, and refuses keys that the format does not know.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  public init(json: Data) throws(CertificationError) { self = try StableJSON.decode(json) }
}
