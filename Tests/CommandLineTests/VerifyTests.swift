import Certification
import Foundation
import TestSupport
import Testing

@Suite(.optimised) struct VerifyTests {
  static let rates = """
    A correct decoder fails such a run with probability at most 1e-6. A case
    passes a decoder that is wrong by w ≥ 0.03 with probability at most 1e-6.

    """

  /// A certificate with one place changed, as text: what a forger would do.
  private func changed(_ certificate: Data, _ change: (inout [String: Any]) throws -> Void) throws -> Data {
    var object = try [String: Any](json: certificate)
    try change(&object)
    return try JSONSerialization.data(withJSONObject: object)
  }

  private func verify(_ certificate: Data, _ options: [String] = []) async throws -> Command.Result {
    let folder = try Folder()
    try folder.write(certificate, to: "c.json")
    return try await Command.run(["verify", "c.json"] + options, in: folder)
  }

  @Test func goodCertificatesAgree() async throws {
    let certificate = try await Certificates.quick.value
    let result = try await verify(certificate)
    // The cases over toy models, and the one over transformers.
    let count = try Certificates.count(certificate) + 1
    #expect(result.text == "certified: verdicts of \(count) cases computed again, all agree\n" + Self.rates)
    #expect(result.error == "")
    #expect(result.status == 0)
  }

  @Test func inconclusiveCertificatesStayInconclusive() async throws {
    let certificate = try await Certificates.inconclusive.value
    let result = try await verify(certificate)
    let count = try Certificates.count(certificate)
    #expect(result.text == "inconclusive: verdicts of \(count) cases computed again, all agree\n" + Self.rates)
    #expect(result.status == 2)
  }

  @Test func ownModelsAreRepeatedFromTheCertificateAlone() async throws {
    let result = try await verify(await Certificates.ownModels.value, ["--replay", "--threads", "3"])
    #expect(
      result.text == "certified: counts replayed from the seed, verdicts of 6 cases computed again, all agree\n"
        + Self.rates)
    #expect(result.status == 0)
  }

  @Test func countsAreReplayed() async throws {
    let certificate = try await Certificates.inconclusive.value
    let result = try await verify(certificate, ["--replay", "--json"])
    #expect(result.status == 2)
    let report = try [String: Any](json: result.output)
    #expect(report["replayed"] as? Bool == true)
    #expect(report["cases"] as? Int == (try Certificates.count(certificate)))
    #expect((report["disagreements"] as? [Any])?.count == 0)
  }

  @Test func aTamperedCountNamesItsCase() async throws {
    // One decoding moved from one sequence to another: sums stay, the statistic does not.
    let certificate = try changed(await Certificates.quick.value) { certificate in
      var cases = try #require(certificate["cases"] as? [[String: Any]])
      let index = try #require(cases.firstIndex { $0["id"] as? String == "rsd-c/2-2/contextual/top-p" })
      var counts = try #require(cases[index]["counts"] as? [String: Int])
      counts["0 0 0 0"]? += 1
      counts["0 0 0 1"]? -= 1
      cases[index]["counts"] = counts
      certificate["cases"] = cases
    }
    let result = try await verify(certificate)
    #expect(result.status == 1)
    #expect(result.error == "")
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("rsd-c/2-2/contextual/top-p: pValue is "))
    #expect(lines[1].hasPrefix("rsd-c/2-2/contextual/top-p: statistic is "))
    #expect(lines[2] == "DISAGREES: 2 of the certificate's statements do not follow")
  }

  /// Names and texts are a stranger's: they are shown, and act on no terminal.
  @Test func nothingOfACertificateActsOnATerminal() async throws {
    let certificate = try changed(await Certificates.inconclusive.value) { certificate in
      var cases = try #require(certificate["cases"] as? [[String: Any]])
      var target = try #require(cases[0]["target"] as? [String: Any])
      target["name"] = "\u{1B}[2J"
      cases[0]["target"] = target
      certificate["cases"] = cases
    }
    let result = try await verify(certificate)
    #expect(result.status == 1)
    #expect(result.text.contains("target.name is ⟨001B⟩[2J") && !result.text.contains("\u{1B}"))
  }

  @Test func anotherSeedIsFoundByTheReplayAlone() async throws {
    let certificate = try changed(await Certificates.inconclusive.value) { $0["seed"] = "1" }
    #expect(try await verify(certificate).status == 2)
    let result = try await verify(certificate, ["--replay"])
    #expect(result.status == 1)
    let lines = result.text.split(separator: "\n")
    #expect(
      lines.last == "DISAGREES: \(try Certificates.count(certificate)) of the certificate's statements do not follow")
    #expect(
      lines.dropLast().allSatisfy { $0.wholeMatch(of: /rsd-c.*: counts\[[0-9 ]+\] is \d+, should be \d+/) != nil })
  }

  @Test func aBetterVerdictIsRefused() async throws {
    let certificate = try changed(await Certificates.inconclusive.value) { $0["verdict"] = "certified" }
    let result = try await verify(certificate)
    #expect(result.text.hasPrefix("certificate: verdict is certified, should be inconclusive\n"))
    #expect(result.status == 1)
  }

  @Test func filesThatAreNoCertificatesAreExplained() async throws {
    let good = try await Certificates.inconclusive.value
    let cut = good.prefix(5000)
    let lines = cut.count { $0 == 0x0A } + 1
    let truncated = try await verify(cut)
    #expect(truncated.status == 65)
    #expect(
      truncated.error.wholeMatch(
        of: /rsd: c.json: not a certificate: line (\d+), column \d+: .*\n/)?.1 == "\(lines)")

    let cases: [(certificate: Data, line: String)] = [
      (Data(), "not a certificate: the file is empty"),
      (Data("{}".utf8), #"not a certificate: the key "suite" is missing"#),
      (Data("[]".utf8), "not a certificate: the whole file must be an object"),
      (try changed(good) { $0["extra"] = 1 }, #"not a certificate: unknown key "extra""#),
      (try changed(good) { $0["seed"] = 1 }, "not a certificate: seed: must be a text in quotes"),
      (
        try changed(good) { certificate in
          var cases = certificate["cases"] as? [[String: Any]] ?? []
          cases[2]["samples"] = nil
          certificate["cases"] = cases
        }, #"not a certificate: cases[2]: the key "samples" is missing"#
      ),
      (
        try changed(good) { certificate in
          var cases = certificate["cases"] as? [[String: Any]] ?? []
          cases[1]["rule"] = "rsd-x"
          certificate["cases"] = cases
        },
        "not a certificate: case rsd-c/3/zeros/top-k: rule \"rsd-x\" with these shape parameters is unknown"
      ),
      (
        try changed(good) { certificate in
          var cases = certificate["cases"] as? [[String: Any]] ?? []
          cases[1]["counts"] = ["0 9": 4096]
          certificate["cases"] = cases
        },
        "not a certificate: case rsd-c/3/zeros/top-k: the count of \"0 9\" is of no sequence of the case"
      ),
    ]
    for (certificate, line) in cases {
      let result = try await verify(certificate)
      #expect(result.error == "rsd: c.json: \(line)\n")
      #expect(result.status == 65)
      #expect(result.text == "")
    }
  }

  @Test func aMissingFileIsExplained() async throws {
    let result = try await Command.run(["verify", "no.json"], in: Folder())
    #expect(result.error == "rsd: no.json: cannot be read; does the file exist, and may you read it?\n")
    #expect(result.status == 65)
  }
}
