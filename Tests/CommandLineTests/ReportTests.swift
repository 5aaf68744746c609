import Certification
import Foundation
import TestSupport
import Testing

@Suite struct ReportTests {
  private func report(_ certificate: Data, _ options: [String] = [], in folder: Folder) async throws -> Command.Result {
    try folder.write(certificate, to: "certificate.json")
    return try await Command.run(["report"] + options, in: folder)
  }

  @Test func aGoodCertificateBecomesAPage() async throws {
    let folder = try Folder()
    let result = try await report(await Certificates.quick.value, in: folder)
    #expect(result.text == "certified: report.html\n")
    #expect(result.error == "")
    #expect(result.status == 0)
    let page = String(decoding: try folder.data("report.html"), as: UTF8.self)
    #expect(page.contains("<title>Certified: rsd-suite/2 · RSD certificate</title>"))
    #expect(page.contains("rsd certify --quick --output certificate.json"))
  }

  @Test func equalCertificatesGiveEqualPages() async throws {
    let (left, right) = (try Folder(), try Folder())
    _ = try await report(await Certificates.quick.value, in: left)
    _ = try await report(await Certificates.quick.value, ["--output", "report.html"], in: right)
    #expect(try right.data("report.html") == left.data("report.html"))
  }

  @Test(.long) func aWholeCertificatesPageIsNotLarge() async throws {
    let folder = try Folder()
    _ = try await report(await Certificates.whole.value, in: folder)
    let page = try folder.data("report.html")
    #expect(page.count < 1_500_000)
  }

  @Test func anInconclusiveCertificateIsReportedAsSuch() async throws {
    let folder = try Folder()
    let result = try await report(await Certificates.inconclusive.value, ["-o", "page.html"], in: folder)
    #expect(result.text == "inconclusive: page.html\n")
    #expect(result.status == 2)
    #expect(folder.exists("page.html") && !folder.exists("report.html"))
  }

  @Test func aForgedCertificateIsReportedAsSuch() async throws {
    var object = try [String: Any](json: await Certificates.inconclusive.value)
    object["verdict"] = "certified"
    let folder = try Folder()
    let result = try await report(try JSONSerialization.data(withJSONObject: object), in: folder)
    #expect(result.text == "DISAGREES, 1 of the certificate's statements do not follow: report.html\n")
    #expect(result.status == 1)
    let page = String(decoding: try folder.data("report.html"), as: UTF8.self)
    #expect(page.contains("<title>Does not verify: "))
  }

  @Test(.long) func theKillMatrixIsWrittenToo() async throws {
    let folder = try Folder()
    let result = try await report(await Certificates.whole.value, ["--kill-matrix", "kill.svg"], in: folder)
    #expect(result.text == "Kill matrix: kill.svg\ncertified: report.html\n")
    #expect(result.status == 0)
    let drawing = try folder.data("kill.svg")
    #expect(drawing.count < 150_000 && String(decoding: drawing, as: UTF8.self).contains("always-accepts"))
    // What the README shows: to take a new one over, `rsd report --kill-matrix docs/kill-matrix.svg`.
    let shown = Command.repository.appending(path: "docs/kill-matrix.svg")
    #expect(drawing == (try Data(contentsOf: shown)))
    let none = try await report(await Certificates.quick.value, ["--kill-matrix", "none.svg"], in: folder)
    #expect(none.status == 65)
    #expect(none.error.hasPrefix("rsd: certificate.json: holds no kill matrix; ") && none.text == "")
    #expect(!folder.exists("none.svg"))
  }

  @Test func aCaseCanBeChosen() async throws {
    let folder = try Folder()
    let id = "rsd-s/2x2/zeros/top-p"
    let result = try await report(await Certificates.quick.value, ["--case", id], in: folder)
    #expect(result.status == 0)
    let page = String(decoding: try folder.data("report.html"), as: UTF8.self)
    #expect(page.contains("<details class=\"case\" open>\n<summary><span class=\"id\">\(id)</span>"))
    let unknown = try await report(await Certificates.quick.value, ["--case", "sd/9"], in: folder)
    #expect(unknown.status == 65)
    #expect(
      unknown.error
        == "rsd: certificate.json: the certificate has no case \"sd/9\"; `rsd report` without --case shows those it has\n"
    )
  }

  @Test func badFilesAreOneLine() async throws {
    let folder = try Folder()
    let missing = try await Command.run(["report"], in: folder)
    #expect(missing.status == 65)
    #expect(missing.error == "rsd: certificate.json: cannot be read; does the file exist, and may you read it?\n")
    let broken = try await report(Data("{}".utf8), in: folder)
    #expect(broken.status == 65)
    #expect(broken.error == "rsd: certificate.json: not a certificate: the key \"suite\" is missing\n")
    #expect(!folder.exists("report.html"))
    let nowhere = try await report(
      await Certificates.inconclusive.value, ["--output", "no/folder/report.html"], in: folder)
    #expect(nowhere.status == 73)
    #expect(nowhere.error.hasPrefix("rsd: no/folder/report.html: cannot be written (No such file or directory); "))
    #expect(nowhere.text == "")
    for result in [broken, nowhere] { #expect(result.error.count { $0 == "\n" } == 1) }
  }

  @Test func certifyWritesThePageBesideTheCertificate() async throws {
    let folder = try Folder()
    let run = try await Command.run(
      ["certify", "--cases", "sd/1/*", "--samples", "4096", "-o", "certificate.json", "--report", "r.html"], in: folder)
    #expect(run.status == 2)
    #expect(run.text.contains("\nCertificate: certificate.json\nReport: r.html\n"))
    let again = try await Command.run(["report"], in: folder)
    #expect(again.status == 2)
    #expect(try folder.data("r.html") == folder.data("report.html"))
    for option in ["--list", "--until-certified"] {
      let result = try await Command.run(["certify", option, "--report", "r.html"], in: folder)
      #expect(result.status == 64)
      #expect(
        result.error.hasPrefix("rsd: --report is of a planned run's certificate; leave --list and --until-certified"))
    }
  }
}
