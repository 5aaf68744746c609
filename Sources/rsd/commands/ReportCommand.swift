import ArgumentParser
import Certification
import CertificationTransformers
import Foundation
import Reports
import Servers

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a certificate as one self-contained HTML page.",
    usage: "rsd report [<certificate.json>] [<options>]",
    discussion: """
      The certificate is checked first, as `rsd verify` does: what does not follow from its counts stands at the head \
      of the page. The page holds its figures and style, runs no script and loads nothing.

      Exit status: as `rsd verify`, and the page is written whatever the verdict; 65 where the certificate is none, 73 \
      where the page cannot be written.
      """)

  @Argument(help: ArgumentHelp("The certificate.", valueName: "certificate.json"))
  var path = "certificate.json"

  @Option(name: [.short, .long], help: ArgumentHelp("Write the page here.", valueName: "file"))
  var output = "report.html"

  @Option(
    name: .customLong("case"),
    help: ArgumentHelp(
      "The case whose cells are shown at once; by default a failure, or the smallest p-value.", valueName: "id"))
  var openCase: String?

  @Option(help: ArgumentHelp("Also write the kill matrix here, as an SVG file.", valueName: "file"))
  var killMatrix: String?

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output needs the name of a file") }
    if killMatrix?.isEmpty == true { throw ValidationError("--kill-matrix needs the name of a file") }
  }

  func run() async throws {
    let data = try Files.read(path)
    try Files.requireWritable(output)
    if let killMatrix { try Files.requireWritable(killMatrix) }
    let report: Report
    let page: String
    do {
      switch try CertificateFile(json: data) {
      case .library(let certificate):
        report = try Report(checking: certificate, transformers: .embedded, openCase: openCase)
      case .port(let certificate): report = try Report(checking: certificate, openCase: openCase)
      case .server:
        throw failure(
          .badData, "\(path): is of a server's run, which has no page yet; `rsd verify` prints what it says")
      }
      page = try report.html()
    } catch let error as CertificationError {
      throw failure(.badData, "\(path): \(error)")
    }
    var files = ResultFiles()
    if let killMatrix {
      guard let picture = report.killMatrixFile else {
        throw failure(
          .badData, "\(path): holds no kill matrix; `rsd certify` without a selection or --no-defects makes one")
      }
      if let path = files.write(Data(picture.utf8), to: killMatrix) { Output.line("Kill matrix: \(path)") }
    }
    if let path = files.write(Data(page.utf8), to: output) { Output.line("\(summary(report)): \(path)") }
    try files.requireAll()
    throw report.verdict.exitStatus.code
  }

  private func summary(_ report: Report) -> String {
    let count = report.disagreements.count
    if count > 0 {
      return "\(Terminal.colored("DISAGREES", .red)), \(count) of the certificate's statements do not follow"
    }
    return CertifyTable.colored(report.verdict)
  }
}
