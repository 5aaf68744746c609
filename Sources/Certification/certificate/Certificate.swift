import SpeculativeDecoding
import ToyModels

/// The result of a run: the counts of every case, and the verdicts that follow from them.
///
/// Its JSON form is described by `Schemas/certificate.schema.json`. Anyone can compute the verdicts
/// again from the counts (``CertificateCheck``), or the counts from the seed.
public struct Certificate: Hashable, Sendable, Codable {
  /// The suite.
  public var suite: SuiteReference
  /// The version of the package that ran it.
  public var package: String
  /// The suite's seed, a UInt64 as decimal text.
  public var seed: String
  /// The architecture and operating system; counts do not depend on them.
  public var machine: String
  /// Both error rates.
  public var errorBudget: ErrorBudget
  /// The proofs by enumeration; absent where nothing was proved.
  package var proofs: ProofReport?
  /// How far rounding moves a round's law; absent where it was not measured.
  package var rounding: [RoundingCertificate]?
  /// Tests of the covering witnesses, independence and replay; absent where none were made.
  package var observables: [ObservableRecord]?
  /// The known defects, each on the case that must refuse it; absent where none were run.
  package var killMatrix: [KillRecord]?
  /// The power of every case that declares a defect against every defect; absent where it was not computed.
  package var powerMatrix: PowerMatrix?
  /// Cases over two transformers; absent where none were run.
  package var transformers: TransformerReport?
  /// The cases, in the suite's order.
  public var cases: [CaseRecord]
  /// The verdict over everything above.
  public var verdict: RunVerdict
}

extension Certificate {
  /// The verdict that follows from everything in the certificate: the worst of its parts'.
  var impliedVerdict: RunVerdict {
    var parts = cases.isEmpty && transformers != nil ? [] : [RunVerdict(cases: cases.map(\.verdict))]
    if let transformers { parts.append(RunVerdict(cases: transformers.cases.map(\.verdict))) }
    if let proofs { parts.append(proofs.verdict) }
    if let observables { parts.append(RunVerdict(cases: observables.map(\.verdict))) }
    // An empty list shows nothing.
    if let killMatrix { parts.append(RunVerdict(cases: killMatrix.map { $0.isAsItMust ? .pass : .fail })) }
    if let rounding { parts.append(RunVerdict(cases: rounding.map { $0.isWithinBound ? .pass : .fail })) }
    return parts.contains(.failed) ? .failed : parts.contains(.inconclusive) ? .inconclusive : .certified
  }
}
