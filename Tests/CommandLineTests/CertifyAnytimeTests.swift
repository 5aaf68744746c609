import Certification
import Foundation
import Testing

@Suite struct CertifyAnytimeTests {
  static let small = ["certify", "--until-certified", "--cases", "rsd-s/3x1/*", "--epsilon", "0.05"]

  @Test func certifiesAndWritesTheReport() async throws {
    let folder = try Folder()
    let result = try await Command.run(Self.small + ["--output", "r.json"], in: folder, environment: [:])
    #expect(result.status == 0 && result.error == "")
    let lines = result.text.split(separator: "\n")
    #expect(lines[0].split(separator: " ").prefix(5) == ["rule", "shape", "model", "profile", "N"])
    #expect(lines[1...3].allSatisfy { $0.hasPrefix("rsd-s  3x1") && $0.hasSuffix("certified") })
    #expect(result.text.contains("certified: 3 of 3 cases certified, 0 refused, 0 inconclusive; "))
    let json = try await Command.run(Self.small + ["--json", "--threads", "1"], in: folder)
    #expect(json.status == 0)
    #expect(try folder.data("r.json") == json.output)
    let report = try [String: Any](json: json.output)
    #expect(report["verdict"] as? String == "certified")
    let cases = try #require(report["cases"] as? [[String: Any]])
    for record in cases {
      let looks = try #require(record["looks"] as? [[String: Any]])
      #expect(looks.enumerated().allSatisfy { $1["samples"] as? Int == 1000 << $0 })
      #expect(try #require(looks.last?["totalVariationBound"] as? Double) <= 0.05)
    }
  }

  @Test func limitEndsInconclusive() async throws {
    let result = try await Command.run(Self.small + ["--limit", "3000"], in: Folder(), environment: ["COLUMNS": "60"])
    #expect(result.status == 2)
    #expect(result.text.contains("0 of 3 cases certified, 0 refused, 3 inconclusive; 6,000 decodings, "))
    // The table that a narrow terminal gets.
    let rows = result.text.split(separator: "\n").prefix(4)
    #expect(rows[0].hasPrefix("case ") && rows.allSatisfy { $0.count <= 60 })
  }

  @Test(arguments: [
    (["--epsilon", "0.1"], "--epsilon and --limit are of --until-certified and --port; add one of them"),
    (["--limit", "1000"], "--epsilon and --limit are of --until-certified and --port; add one of them"),
    (
      ["--until-certified", "--epsilon", "1"],
      "--epsilon 1 is out of range; it must be 1e-06 to 0.999 (less takes more decodings than --limit has)"
    ),
    (
      ["--until-certified", "--limit", "999"],
      "--limit 999 is out of range; it must be 1000 to 1000000000000 (the first look is after 1000, and with more a case "
        + "would take years)"
    ),
    (
      ["--until-certified", "--samples", "9"],
      "--until-certified plans no number of decodings; leave --samples and --list out"
    ),
    (
      ["--until-certified", "--list"],
      "--until-certified plans no number of decodings; leave --samples and --list out"
    ),
  ])
  func usageErrorsAreOneLineAndExit64(arguments: [String], reason: String) async throws {
    let result = try await Command.run(["certify"] + arguments, in: Folder())
    #expect(result.error == "rsd: \(reason); see `rsd certify --help`\n")
    #expect(result.status == 64)
  }
}
