import Certification
import Foundation
import Ports
import Servers

/// A certificate of any kind, as a file holds it.
package enum CertificateFile: Sendable {
  /// This package's decoder.
  case library(Certificate)
  /// Someone else's decoder, through the port protocol.
  case port(PortCertificate)
  /// A live server.
  case server(ServerCertificate)

  /// Reads a certificate, and refuses keys that its kind does not know.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  package init(json: Data) throws(CertificationError) {
    if ServerCertificate.isKind(of: json) {
      self = .server(try ServerCertificate(json: json))
    } else if PortCertificate.isKind(of: json) {
      self = .port(try PortCertificate(json: json))
    } else {
      self = .library(try Certificate(json: json))
    }
  }

  /// All statements that do not follow from the counts.
  ///
  /// - Parameter transformers: models for the check of cases over transformers.
  /// - Throws: ``CertificationError`` where a case is no case.
  package func disagreements(transformers: TransformerEvidence?) throws(CertificationError) -> [Disagreement] {
    switch self {
    case .library(let certificate):
      try CertificateCheck(certificate, transformers: transformers).disagreements()
    case .port(let certificate): try PortCertificateCheck(certificate).disagreements()
    case .server(let certificate): try certificate.disagreements()
    }
  }
}
