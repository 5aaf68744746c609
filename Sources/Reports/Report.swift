import Certification
import Foundation
import Mustache
import Ports
import ReportTemplates
import SpeculativeDecoding
import Statistics
import ToyModels

/// One page for readers: what a certificate shows, at which error rates, and how to repeat it.
///
/// The page holds everything that it needs and asks for nothing: no script, no network, no font. Every text that the
/// certificate brings with it is escaped, and shown without what cannot be seen (docs/report.md).
package struct Report: Sendable {
  /// The certificate.
  package let certificate: Certificate
  /// The port's cases and checks; `nil` for a certificate of this package's decoder.
  let port: PortReport?
  /// The statements that do not follow from its counts.
  package let disagreements: [Disagreement]
  /// The cases with their cells, in the certificate's order.
  let cases: [ReportCase]
  /// The case whose details are open.
  let openCase: String?

  /// A report of a certificate, which is checked first as `rsd verify` does.
  ///
  /// - Parameters:
  ///   - transformers: models for the check of cases over transformers.
  ///   - openCase: the identifier of the case that is shown at once; by default the one with the smallest p-value among the
  ///     worst.
  /// - Throws: ``CertificationError`` where a case is no case, as ``CertificateCheck/disagreements()`` does, and
  ///   ``CertificationError/report(_:)`` where no case has that identifier.
  /// - Complexity: that of the check: the law of every case is computed again.
  package init(
    checking certificate: Certificate, transformers: TransformerEvidence? = nil, openCase: String? = nil
  ) throws(CertificationError) {
    let check = CertificateCheck(certificate, transformers: transformers)
    port = nil
    disagreements = try check.disagreements()
    self.certificate = certificate
    var cases: [ReportCase] = []
    for (index, record) in certificate.cases.enumerated() {
      cases.append(try ReportCase(record, number: index + 1, plan: check.plan(for: record)))
    }
    self.cases = cases
    if let openCase, !cases.contains(where: { $0.record.id == openCase }) {
      throw .report("the certificate has no case \"\(openCase)\"; `rsd report` without --case shows those it has")
    }
    self.openCase = openCase ?? cases.min(by: Self.isMoreTelling)?.record.id
  }

  /// A report of a port's certificate, which is checked first.
  ///
  /// - Throws: ``CertificationError`` as the check does, and ``CertificationError/report(_:)`` for a case that is to be open,
  ///   of which a port's page has none.
  package init(checking certificate: PortCertificate, openCase: String? = nil) throws(CertificationError) {
    disagreements = try PortCertificateCheck(certificate).disagreements()
    (self.certificate, port, cases) = (certificate.certificate, certificate.port, [])
    if let openCase {
      throw .report("the certificate has no case \"\(openCase)\"; `rsd report` without --case shows those it has")
    }
    self.openCase = nil
  }

  /// Whether everything follows from the counts.
  package var isVerified: Bool { disagreements.isEmpty }

  /// The page's first word: the certificate's verdict, and *failed* where it does not verify.
  package var verdict: RunVerdict { isVerified ? certificate.verdict : .failed }

  /// The page.
  ///
  /// - Throws: ``CertificationError/report(_:)``, if a template were none, and ``CertificationError/statistics(place:_:)``
  ///   where the p-values are none.
  package func html() throws(CertificationError) -> String {
    let page = try ReportPage(self)
    do {
      let templates = try ReportTemplates.pages.mapValues { try MustacheTemplate(string: $0) }
      guard let text = MustacheLibrary(templates: templates).render(page, withTemplate: "report") else {
        throw CertificationError.report("the template \"report\" is missing")
      }
      return text
    } catch {
      throw .report("the page cannot be written: \(error)")
    }
  }

  /// The kill matrix as an SVG file of its own, light or dark as its reader is; `nil` where the certificate has none.
  package var killMatrixFile: String? {
    certificate.killMatrix.flatMap {
      $0.isEmpty
        ? nil
        : KillMatrixFigure($0, powers: certificate.powerMatrix).file(
          style: ReportTemplates.palette + ReportTemplates.figures)
    }
  }

  /// A failure before a pass, and among equals the smaller p-value: what a reader wants to see first.
  private static func isMoreTelling(_ left: ReportCase, _ right: ReportCase) -> Bool {
    func rank(_ record: CaseRecord) -> Int {
      record.verdict == .fail ? 0 : record.verdict == .inconclusive ? 1 : record.degreesOfFreedom > 0 ? 2 : 3
    }
    return (rank(left.record), left.record.pValue) < (rank(right.record), right.record.pValue)
  }
}

/// A case with what its counts are compared with.
struct ReportCase: Sendable {
  let record: CaseRecord
  /// From 1 on.
  let number: Int
  /// Tokens that one round yields at most.
  let mostTokens: Int
  /// Its shape, such as "2x2"; empty where the rule has none.
  let shape: String
  /// Its cells, the most probable first; none where nothing was decoded.
  let cells: [ObservedExpectedFigure.Cell]

  init(_ record: CaseRecord, number: Int, plan: CasePlan) throws(CertificationError) {
    self.record = record
    self.number = number
    let method = try record.method()
    mostTokens = method.draftLength + 1
    shape = method.shape.text
    guard record.samples > 0, record.samples == plan.samples else {
      cells = []
      return
    }
    let names = plan.law.sequences.map { $0.map(String.init).joined(separator: " ") }
    // The plan's last outcome is everything impossible, which is in no cell.
    let counts = names.map { record.counts[$0] ?? 0 } + [0]
    cells = ObservedExpectedFigure.cells(plan.test.cells, counts: counts) { names[$0] }
  }

  /// Where the page shows it.
  var anchor: String { "case-\(number)" }
}
