import Foundation
@testable import Reports
import TestSupport
import Testing

@testable import Certification

/// What a page says, for every kind of certificate.
@Suite(.optimised) struct ReportPageTests {
  /// The kill matrix as a run would write it, without running it.
  static let kills: [KillRecord] = {
    let text = Defect.all.enumerated().map { index, defect in
      """
      {"defect": "\(defect.id)", "class": "\(defect.category.rawValue)", "source": ["\(defect.sources[0].text)"],
       "case": "output/sd/\(index % 5)", "observable": "output", "predictedPower": \(defect.isLossless ? 0.01 : 1),
       "samples": 1000, "pValue": 0, "verdict": "\(defect.isLossless ? "passed" : "killed")"}
      """
    }
    return try! JSONDecoder().decode([KillRecord].self, from: Data("[\(text.joined(separator: ","))]".utf8))
  }()

  private static func page(_ certificate: Certificate, open: String? = nil) throws -> String {
    try Report(checking: certificate, openCase: open).html()
  }

  private static func title(_ page: String) -> Substring? { page.firstMatch(of: /<title>([^<]*)<\/title>/)?.1 }

  /// The words of the first heading, without its tags.
  private static func heading(_ page: String) -> String? {
    guard let heading = page.firstMatch(of: /<h1>(.*?)<\/h1>/) else { return nil }
    return String(heading.1).replacing(/<[^>]*>/, with: "")
  }

  @Test func aCertifiedRunSaysSo() throws {
    let page = try Self.page(CertificateTests.certificate)
    #expect(Self.title(page) == "Certified: rsd-suite/2 · RSD certificate")
    #expect(Self.heading(page) == "Certified: 2 of 2 cases pass")
    #expect(page.contains("class=\"verdict good\""))
    #expect(page.contains("This certificate holds no proofs"))
    #expect(page.contains("This certificate holds no known defects"))
    // Every case's cells, models and residuals are there, and one is open.
    #expect(page.matches(of: /<details class="case" open>/).count == 1)
    #expect(page.matches(of: /<details class="case"/).count == 2)
  }

  @Test func aFailureStandsInTitleAndHeading() async throws {
    let proofs = try await ProofRunner(threads: 2).run(try ProofCorpus.quick(), fault: .alwaysAccepts)
    let failed = CertificateEvidenceTests.certificate(
      ProofReport(corpus: ProofCorpus.version, selection: "quick", proofs: proofs))
    let report = try Report(checking: failed)
    #expect(report.isVerified && report.verdict == .failed)
    let page = try report.html()
    #expect(Self.title(page)?.hasPrefix("Failed: ") == true)
    let heading = try #require(Self.heading(page))
    #expect(heading.wholeMatch(of: /Failed: \d+ of \d+ proofs are refuted/) != nil)
    #expect(page.contains("class=\"verdict bad\"") && !page.contains("class=\"verdict good\""))
    let refuted = try #require(failed.proofs?.cases.filter { $0.verdict == .refuted })
    #expect(page.matches(of: #/<h3>Refuted: /#).count == refuted.count)
    #expect(page.contains(try #require(refuted.first?.counterexample?.decoder)))
  }

  @Test func anUndecidedRunIsNoPass() throws {
    var certificate = CertificateTests.certificate
    let suite = try DefaultSuite.suite()
    let last = try #require(suite.cases.first { $0.id == certificate.cases[1].id })
    certificate = Certificate(
      suite: certificate.suite, seed: 5, errorBudget: certificate.errorBudget,
      cases: [certificate.cases[0], try CaseRecord(unfinished: CasePlan(last, budget: certificate.errorBudget))])
    let page = try Self.page(certificate)
    #expect(Self.title(page)?.hasPrefix("Inconclusive: ") == true)
    #expect(Self.heading(page) == "Inconclusive: 1 of 2 case is undecided")
    #expect(page.contains("An inconclusive run is not a pass"))
    #expect(page.contains("Nothing was decoded, so that there is nothing to compare."))
  }

  @Test func whatDoesNotVerifyIsNeverCertified() throws {
    var certificate = CertificateTests.certificate
    certificate.cases[0].power = 1
    let report = try Report(checking: certificate)
    #expect(certificate.verdict == .certified && report.verdict == .failed && !report.isVerified)
    let page = try report.html()
    #expect(Self.title(page)?.hasPrefix("Does not verify: ") == true)
    #expect(Self.heading(page) == "Does not verify: one statement does not follow")
    #expect(page.contains("What does not follow from the counts") && page.contains("<td>power</td>"))
    #expect(!page.contains("class=\"verdict good\""))
    // The alarm stands before everything that the certificate claims.
    let alarm = try #require(page.range(of: "class=\"alarm\""))
    let tested = try #require(page.range(of: "id=\"tested\""))
    #expect(alarm.lowerBound < tested.lowerBound)
  }

  @Test func malformedCertificatesHaveNoPage() {
    var certificate = CertificateTests.certificate
    certificate.cases[0].rule = "rsd-x"
    #expect(throws: CertificationError.self) { try Report(checking: certificate) }
    #expect(throws: CertificationError.self) { try Report(checking: CertificateTests.certificate, openCase: "none") }
  }

  @Test func theChosenCaseIsOpen() throws {
    for record in CertificateTests.certificate.cases {
      let page = try Self.page(CertificateTests.certificate, open: record.id)
      let open = try #require(page.firstMatch(of: /<details class="case" open>\n<summary><span class="id">([^<]*)</))
      #expect(String(open.1) == record.id)
    }
  }

  @Test func thePageLoadsAndRunsNothing() throws {
    var certificate = CertificateTests.certificate
    certificate.add(observables: nil, killMatrix: Self.kills)
    let page = try Self.page(certificate)
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    #expect(page.contains("http-equiv=\"Content-Security-Policy\" content=\"\(policy)\""))
    for part in ["<script", "<link", "<img", "<iframe", "url(", "@import", "src=", " on", "javascript:"] {
      let isWord = part == " on"
      #expect(isWord ? page.firstMatch(of: #/ on[a-z]+=/#) == nil : !page.contains(part), "\(part)")
    }
    let ids = page.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
    #expect(ids.count == Set(ids).count)
    for link in page.matches(of: #/ href="([^"]*)"/#).map({ String($0.1) }) {
      #expect(link.hasPrefix("https://") || link.hasPrefix("#") && ids.contains(String(link.dropFirst())), "\(link)")
    }
    let defects = Defect.all.count { !$0.isLossless }
    #expect(page.contains("\(defects) of \(defects)") && page.contains("7 of 7"))
    #expect(page.utf8.count < 400_000)
  }

  /// Each place that an outside text can stand in, with a text that would leave it.
  @Test func everyTextFromOutsideIsEscaped() throws {
    var certificate = CertificateTests.certificate
    var count = 0
    func nasty() -> String {
      count += 1
      return "<b>\"'&\u{301}\u{202E}\(count)"
    }
    certificate.suite.version = nasty()
    certificate.suite.selection = nasty()
    certificate.package = nasty()
    certificate.seed = nasty()
    certificate.machine = nasty()
    certificate.cases[0].id = nasty()
    certificate.add(
      observables: [
        ObservableRecord(
          id: nasty(), observable: .output, samples: 1, counts: [nasty(): 1], statistic: 1, degreesOfFreedom: 1,
          pValue: 1, verdict: .pass)
      ],
      killMatrix: Self.kills.prefix(3).map { record in
        var record = record
        record.defect = nasty()
        record.source = [nasty(), "https://example.org/\(nasty())"]
        record.caseID = nasty()
        return record
      })
    var proof = ProofReport(corpus: "", selection: "", proofs: [])
    proof.corpus = nasty()
    proof.selection = nasty()
    let text = """
      {"id": "x", "length": 1, "states": 1, "branches": 1, "choices": 1, "sequences": 1, "verdict": "refuted",
       "counterexample": {"sequence": "", "target": "", "decoder": "", "branch": [], "weight": ""}}
      """
    var record = try JSONDecoder().decode(ProofRecord.self, from: Data(text.utf8))
    record.id = nasty()
    record.reason = nasty()
    record.counterexample = .init(
      sequence: nasty(), target: nasty(), decoder: nasty(), branch: [.init(purpose: nasty(), answer: nasty())],
      weight: nasty())
    proof.cases = [record]
    certificate.proofs = proof
    certificate.rounding = try RoundingSuite.certificates().prefix(2).map { round in
      var round = round
      round.rule = nasty()
      round.shape = nasty()
      round.pair = nasty()
      round.scalar = nasty()
      return round
    }
    let page = try Self.page(certificate)
    #expect(!page.contains("<b>\"") && !page.contains("<b>&quot;") && !page.contains("\u{202E}"))
    // The count of an observable is stated by no page; everything else is, in full or cut.
    let shown = page.matches(of: /&lt;b&gt;&quot;&#39;&amp;⟨0301⟩⟨202E⟩/).count
    #expect(shown >= count - 1)
    #expect(!page.contains("href=\"https://example.org/&lt;"))
  }

  @Test func theCommandIsMadeOfKnownWordsOnly() throws {
    func command(_ selection: String, version: String = DefaultSuite.version, seed: UInt64? = nil) throws -> String? {
      var certificate = CertificateTests.certificate
      certificate.suite = .init(version: version, selection: selection)
      certificate.seed = String(try seed ?? DefaultSuite.suite().seed)
      return ReproductionSection.command(certificate)
    }
    #expect(try command("all") == "rsd certify --output certificate.json")
    #expect(try command("quick") == "rsd certify --quick --output certificate.json")
    #expect(try command("all", seed: 7) == "rsd certify --seed 7 --output certificate.json")
    #expect(
      try command("quick; rules sd, rsd-s; */plain")
        == "rsd certify --quick --rule sd --rule rsd-s --cases '*/plain' --output certificate.json")
    let wide = try WideSuite.suite().seed
    #expect(
      try command("wide", version: WideSuite.version, seed: wide)
        == "rsd certify --suite wide --output certificate.json")
    for selection in ["'; rm -rf ~ #", "rules sd, $(id)", "a; b", "`id`", "--output x", "rules --seed", "x\ny", "*|*"] {
      #expect(try command(selection) == nil, "\(selection)")
    }
    #expect(try command("custom", version: "custom/1") == nil)
  }

  @Test func theMatrixIsAFileOfItsOwn() throws {
    #expect(try Report(checking: CertificateTests.certificate).killMatrixFile == nil)
    var certificate = CertificateTests.certificate
    certificate.add(observables: nil, killMatrix: Self.kills)
    let file = try #require(try Report(checking: certificate).killMatrixFile)
    #expect(file.utf8.count < 150_000)
    #expect(ReportFigureTests.elements(file) != nil)
    #expect(file.contains("prefers-color-scheme: dark") && file.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
  }
}
