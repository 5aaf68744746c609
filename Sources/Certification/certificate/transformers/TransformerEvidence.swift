/// Evidence over two transformers: makes the default suite's case over them, and makes stated cases again.
///
/// This module knows no transformer. ``CertificationRun/Options/transformers`` and ``CertificateCheck`` are given one:
/// `TransformerEvidence.embedded`, of the module `CertificationTransformers`.
public struct TransformerEvidence: Sendable {
  let models: any TransformerModels

  /// The evidence of some models.
  package init(_ models: any TransformerModels) { self.models = models }
}

/// Models that a certificate's cases over transformers can be of.
package protocol TransformerModels: Sendable {
  /// Runs the default suite's case over two transformers.
  ///
  /// - Throws: ``CertificationError`` where it cannot be decoded.
  func report(
    budget: ErrorBudget, seed: UInt64, threads: Int, observer: CertificationRun.Observer
  ) async throws(CertificationError) -> TransformerReport

  /// The report that the default suite asks for, with the records of a stated one where it has them.
  ///
  /// - Throws: ``CertificationError`` where a case cannot be planned.
  func standard(_ stated: TransformerReport, budget: ErrorBudget) throws(CertificationError) -> TransformerReport

  /// A stated record with the laws that its models give; `nil` where the models are others.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be planned.
  func withLaws(
    _ record: TransformerRecord, of report: TransformerReport, budget: ErrorBudget
  ) throws(CertificationError) -> TransformerRecord?

  /// A stated record decoded again from the seed; `nil` where the models are others, or after an interruption.
  ///
  /// - Throws: ``CertificationError`` where it cannot be decoded.
  func replayed(
    _ record: TransformerRecord, of report: TransformerReport, budget: ErrorBudget, seed: UInt64, threads: Int,
    isInterrupted: @escaping @Sendable () -> Bool
  ) async throws(CertificationError) -> TransformerRecord?

  /// Whether the models of a report can be decoded with again.
  ///
  /// - Throws: ``CertificationError/corpus(_:)``, if the program had been built over damaged files.
  func knows(_ report: TransformerReport) throws(CertificationError) -> Bool
}
