import Certification
import Foundation
import Testing

/// `rsd verify` and certificates of ports that lie.
@Suite struct PortForgeryTests {
  @Test func forgedCertificatesAreFound() async throws {
    let run = try await PortTests.certify(PortTests.ownPort(), ["--rule", "sd"])
    #expect(run.status == 0)
    func disagrees(_ name: String, _ change: (inout [String: Any]) -> Void) async throws {
      var port = run.port
      change(&port)
      var certificate = run.certificate
      certificate["port"] = port
      try run.folder.write(try JSONSerialization.data(withJSONObject: certificate), to: "forged.json")
      let check = try await Command.run(["verify", "forged.json"], in: run.folder)
      #expect(check.status == 1 || check.status == 65, "\(name): \(check.text)\(check.error)")
    }
    func changeCase(_ port: inout [String: Any], _ change: (inout [String: Any]) -> Void) {
      var cases = port["cases"] as? [[String: Any]] ?? []
      change(&cases[0])
      port["cases"] = cases
    }
    try await disagrees("status") { port in changeCase(&port) { $0["status"] = "fail" } }
    try await disagrees("samples") { port in changeCase(&port) { $0["samples"] = 1 } }
    try await disagrees("counts") { port in
      changeCase(&port) { record in
        var counts = record["counts"] as? [String: Int] ?? [:]
        let key = counts.keys.sorted()[0]
        counts[key, default: 0] += 1
        record["counts"] = counts
      }
    }
    try await disagrees("moved counts") { port in
      changeCase(&port) { record in
        var counts = record["counts"] as? [String: Int] ?? [:]
        let keys = counts.keys.sorted()
        counts[keys[0], default: 0] += 1
        counts[keys[1], default: 0] -= 1
        record["counts"] = counts
      }
    }
    try await disagrees("another case") { port in changeCase(&port) { $0["prompt"] = [1] } }
    try await disagrees("a case left out") { port in port["cases"] = Array((port["cases"] as? [Any] ?? []).dropFirst())
    }
    try await disagrees("a check left out") { port in port["checks"] = [[String: Any]]() }
    try await disagrees("another epsilon, looser shares") { port in
      var design = port["design"] as? [String: Any] ?? [:]
      design["falseFail"] = 0.1
      port["design"] = design
    }
    try await disagrees("a hidden failure") { port in
      var checks = port["checks"] as? [[String: Any]] ?? []
      checks[0]["counts"] = ["as stated": 1, "otherwise": 5, "not sent": 0]
      port["checks"] = checks
    }
  }
}
