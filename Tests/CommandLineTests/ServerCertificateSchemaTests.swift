import Certification
import Foundation
import TestSupport
import Testing

/// The schema of a server's certificate and the certificates that are written name the same keys, both ways.
@Suite(.serialized, .optimised, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
struct ServerCertificateSchemaTests {
  private static let file = "server-certificate.schema.json"

  @Test func everyKeyIsDescribedAndEveryDescribedKeyOccurs() async throws {
    let schemas = try CertificateSchemaTests.Schemas()
    let root = try #require(schemas.files[Self.file])
    var used: Set<String> = []
    let runs: [(law: [String], options: [String])] = [
      ([], ["--tokens", "--samples", "100", "--fields", #"{"user": "x"}"#, "--on-fields", #"{"x": 1}"#]),
      (["--law", "lossy:0.5"], []), (["--law", "replicas"], []), (["--trouble", "array"], []),
    ]
    for (law, options) in runs {
      let server = try await FakeServer(law)
      let run = try await ServerRuns.certify(server.url, ServerRuns.quick + options)
      #expect(try schemas.problems(run.certificate(), root, in: Self.file, at: "", used: &used) == [])
      withExtendedLifetime(server) {}
    }
    let unused = try schemas.properties(root, in: Self.file, at: "").subtracting(used)
    #expect(unused == [])
  }

  /// A forger who changes a count, a verdict or a p-value is found, and a stranger's keys are refused.
  @Test func aForgeryIsFound() async throws {
    let server = try await FakeServer(["--law", "lossy:0.5"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    let forgeries: [(String, (inout [String: Any]) throws -> Void)] = [
      ("verdict", { $0["verdict"] = "pass" }),
      ("reason", { try Self.changePrompt(&$0) { $0["reason"] = "the weather" } }),
      (
        "prompts",
        {
          $0["prompts"] = [Any]()
          $0["verdict"] = "inconclusive"
        }
      ),
      ("null.logEvidence", { try Self.change(&$0, "null") { $0["logEvidence"] = 0.5 } }),
      ("dependence.equalTwins", { try Self.change(&$0, "dependence") { $0["equalTwins"] = 0 } }),
      ("speculation.refusedAt", { try Self.change(&$0, "speculation") { $0["refusedAt"] = 9 } }),
      ("speculation", { try Self.changePrompt(&$0) { $0["speculation"] = nil } }),
      ("power", { try Self.changePrompt(&$0) { $0["power"] = 0.5 } }),
      ("samples", { try Self.changePrompt(&$0) { $0["samples"] = 9 } }),
      ("repeats", { try Self.change(&$0, "repeats") { $0["offEqual"] = 3 } }),
      ("sequences.off", { try Self.change(&$0, "sequences") { $0["off"] = "\($0["off"] ?? "") 0" } }),
      ("speculation.logEvidence", { try Self.change(&$0, "speculation") { $0["logEvidence"] = 0.5 } }),
      (
        "cells[0].on",
        {
          try Self.changePrompt(&$0) { prompt in
            var cells = try #require(prompt["cells"] as? [[String: Any]])
            cells[0]["on"] = (cells[0]["on"] as? Int ?? 0) + 1
            prompt["cells"] = cells
          }
        }
      ),
      (
        "design.falseFail",
        {
          var design = $0["design"] as? [String: Any] ?? [:]; design["falseFail"] = 1e-9; $0["design"] = design
        }
      ),
    ]
    for (key, forge) in forgeries {
      var certificate = try run.certificate()
      try forge(&certificate)
      let folder = try Folder()
      try folder.write(try JSONSerialization.data(withJSONObject: certificate), to: "c.json")
      let check = try await Command.run(["verify", "c.json"], in: folder)
      #expect(check.status == 1, "\(key)")
      #expect(check.text.contains(": \(key) is "), "\(check.text)")
    }
    var certificate = try run.certificate()
    certificate["more"] = 1
    let folder = try Folder()
    try folder.write(try JSONSerialization.data(withJSONObject: certificate), to: "c.json")
    #expect(try await Command.run(["verify", "c.json"], in: folder).status == 65)
    let page = try await Command.run(["report", "c.json"], in: run.folder)
    #expect(page.status == 65 && page.error.contains("has no page yet"))
    withExtendedLifetime(server) {}
  }

  private static func changePrompt(
    _ certificate: inout [String: Any], _ change: (inout [String: Any]) throws -> Void
  ) throws {
    var prompts = try #require(certificate["prompts"] as? [[String: Any]])
    try change(&prompts[0])
    certificate["prompts"] = prompts
  }

  private static func change(
    _ certificate: inout [String: Any], _ key: String, _ change: (inout [String: Any]) throws -> Void
  ) throws {
    try changePrompt(&certificate) { prompt in
      var test = try #require(prompt[key] as? [String: Any])
      try change(&test)
      prompt[key] = test
    }
  }
}
