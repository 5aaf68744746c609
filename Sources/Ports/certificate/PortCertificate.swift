import Certification
import Foundation

/// The certificate of someone else's decoder: a certificate without cases of its own, and what the port did.
///
/// Its JSON is that of a ``Certificate`` with one key more, `port`.
package struct PortCertificate: Hashable, Sendable {
  /// Suite, seed, machine, error rates and verdict; without cases.
  package var certificate: Certificate
  /// The port's cases and checks.
  package var port: PortReport

  /// The certificate of a port's report; the verdict is the report's.
  package init(suite: SuiteReference, seed: UInt64, errorBudget: ErrorBudget, port: PortReport) {
    certificate = Certificate(suite: suite, seed: seed, errorBudget: errorBudget, cases: [])
    certificate.verdict = port.verdict
    self.port = port
  }

  /// The verdict.
  package var verdict: RunVerdict { certificate.verdict }

  /// Whether a JSON text says that it is such a certificate.
  package static func isKind(of json: Data) -> Bool {
    ((try? JSONSerialization.jsonObject(with: json)) as? [String: Any])?["port"] != nil
  }

  /// The certificate as JSON, keys sorted.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  package func json() throws(CertificationError) -> Data { try StableJSON.encode(self) }

  /// Reads a certificate, and refuses keys that the format does not know.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  package init(json: Data) throws(CertificationError) { self = try StableJSON.decode(json) }
}

extension PortCertificate: Codable {
  private enum CodingKeys: String, CodingKey { case port }

  /// Reads both parts of one flat object.
  ///
  /// - Throws: `DecodingError` where one is not there.
  package init(from decoder: any Decoder) throws {
    certificate = try Certificate(from: decoder)
    port = try decoder.container(keyedBy: CodingKeys.self).decode(PortReport.self, forKey: .port)
  }

  /// Writes both parts into one flat object.
  ///
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    try certificate.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(port, forKey: .port)
  }
}
