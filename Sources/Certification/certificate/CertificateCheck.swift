import SpeculativeDecoding
import ToyModels

/// The check of a certificate: it is made again, from its counts or from its seed, and the two are compared key by key.
///
/// A key that is added to a certificate is compared without a line here. What does not follow from anything, such as a count
/// or a number of branches, is copied; the ``requirements()`` say what it can be.
public struct CertificateCheck: Sendable {
  /// The certificate under check.
  public let certificate: Certificate
  /// The models that cases over transformers are made again with.
  let models: (any TransformerModels)?

  /// A check of one certificate.
  ///
  /// - Parameter transformers: models for the cases over transformers; without them a certificate that has some disagrees.
  public init(_ certificate: Certificate, transformers: TransformerEvidence? = nil) {
    self.certificate = certificate
    models = transformers?.models
  }

  /// All disagreements; none means that every verdict follows from the counts, and that what bears the name of a suite or
  /// corpus of this package is that.
  ///
  /// Another seed than the suite's is no disagreement: `--seed` and `--vary-seed` are there to be used.
  /// - Throws: ``CertificationError`` where a case is no case: an unknown rule, an invalid model, a count of a
  ///   sequence outside the vocabulary, more decodings than ``maximumSamples``.
  public func disagreements() throws(CertificationError) -> [Disagreement] {
    // Counts that no sum can hold are refused here: what is required of them is computed after.
    let again = try rebuilt()
    return try requirements() + Disagreement.between(certificate, again)
  }

  /// The seed; `nil` where its text is no UInt64, or one in another spelling than a certificate's.
  var seed: UInt64? { UInt64(certificate.seed).flatMap { String($0) == certificate.seed ? $0 : nil } }
}
