import Certification
import Foundation
import TestSupport
import Testing

@Suite struct CertifyTests {
  @Test func quickAsJSONIsTheCertificate() async throws {
    let folder = try Folder()
    let result = try await Command.run(["certify", "--quick", "--json", "-o", "c.json"], in: folder)
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(result.output == (try folder.data("c.json")))
    let certificate = try [String: Any](json: result.output)
    let keys = [
      "cases", "errorBudget", "machine", "package", "proofs", "rounding", "seed", "suite", "transformers", "verdict",
    ]
    #expect(certificate.keys.sorted() == keys)
    #expect(certificate["verdict"] as? String == "certified")
    let cases = try #require(certificate["cases"] as? [[String: Any]])
    #expect(cases.allSatisfy { $0["verdict"] as? String == "pass" })
    // Each of the six rules is certified, the five that draft in three shapes at least.
    var shapes: [String: Int] = [:]
    for instance in cases { shapes[try #require(instance["rule"] as? String), default: 0] += 1 }
    #expect(shapes.keys.sorted() == ["autoregressive", "rsd-c", "rsd-s", "sd", "specinfer", "spectr"])
    #expect(shapes.filter { $0.key != "autoregressive" }.values.allSatisfy { $0 >= 3 })
  }

  @Test func tooFewSamplesAreInconclusive() async throws {
    let result = try await Command.run(["certify", "--cases", "rsd-c/*", "--samples", "4096"], in: Folder())
    #expect(result.status == 2)
    #expect(result.error == "")
    let lines = result.text.split(separator: "\n").map(String.init)
    let rows = lines.filter { $0.hasPrefix("rsd-c/") }
    let count = try Certificates.count(await Certificates.inconclusive.value)
    #expect(rows.count == count && count >= 13)
    #expect(rows.allSatisfy { $0.hasSuffix("  inconclusive") })
    #expect(lines.contains("inconclusive: 0 of \(count) cases pass, 0 fail, \(count) inconclusive"))
    #expect(
      lines.last == "Too few decodings to decide \(count) of the cases: leave --samples out, or see --list.")
  }

  @Test(.long) func countsDoNotDependOnThreads() async throws {
    var certificates: [Data] = []
    for threads in ["1", "2", "7"] {
      let folder = try Folder()
      let arguments = ["--quick", "--samples", "50000", "--threads", threads, "--seed", "18446744073709551615"]
      let result = try await Command.run(["certify", "-o", "c.json"] + arguments, in: folder)
      #expect(result.status == 2)
      certificates.append(try folder.data("c.json"))
    }
    #expect(certificates[0] == certificates[1])
    #expect(certificates[0] == certificates[2])
    #expect(String(decoding: certificates[0], as: UTF8.self).contains(#""seed" : "18446744073709551615""#))
  }

  @Test func selectionsChangeNoCount() async throws {
    let whole = try [String: Any](json: await Certificates.quick.value)
    let result = try await Command.run(["certify", "--quick", "--rule", "spectr", "--json"], in: Folder())
    let part = try [String: Any](json: result.output)
    let cases = try #require(part["cases"] as? [NSDictionary])
    #expect(cases == (whole["cases"] as? [NSDictionary])?.filter { $0["rule"] as? String == "spectr" })
    #expect(cases.count == 4)
    #expect((part["suite"] as? [String: String])?["selection"] == "quick; rules spectr")
  }

  @Test func varySeedPrintsASeedThatRepeatsTheRun() async throws {
    let arguments = ["certify", "--json", "--cases", "sd/1/*", "--samples", "1000"]
    let result = try await Command.run(arguments + ["--vary-seed"], in: Folder())
    let line = try #require(result.error.wholeMatch(of: /rsd: --vary-seed took --seed ([0-9]+)\n/))
    let again = try await Command.run(arguments + ["--seed", String(line.1)], in: Folder())
    #expect(again.output == result.output)
  }

  @Test func ownModelsAreCertifiedUnderEveryRule() async throws {
    let certificate = try [String: Any](json: await Certificates.ownModels.value)
    #expect(certificate["suite"] as? [String: String] == ["selection": "custom", "version": "custom/1"])
    let cases = try #require(certificate["cases"] as? [[String: Any]])
    let ids = ["autoregressive", "sd/2", "specinfer/2-2", "spectr/2x2", "rsd-c/2-2", "rsd-s/2x2"]
    #expect(cases.map { $0["id"] as? String } == ids.map { "\($0)/custom/plain/end" })
    #expect(cases.allSatisfy { $0["endToken"] as? Int == 2 })
    // Nothing is emitted after the end token, and the target never repeats it.
    for instance in cases {
      let counts = try #require(instance["counts"] as? [String: Int])
      #expect(counts.keys.allSatisfy { !$0.dropLast().contains("2") })
    }
  }

  @Test func repeatedRulesAndPatternsSelectOwnModelsCases() async throws {
    let arguments = [
      "certify", "--target", "\(Certificates.models)/target.json", "--draft", "\(Certificates.models)/draft.json",
      "--list",
      "--json",
    ]
    func ids(_ options: [String]) async throws -> [String?] {
      let result = try await Command.run(arguments + options, in: Folder())
      #expect(result.status == 0)
      return try #require([String: Any](json: result.output)["cases"] as? [[String: Any]]).map { $0["id"] as? String }
    }
    #expect(
      try await ids(["--rule", "sd", "--rule", "rsd-c", "--rule", "sd", "--depth", "3"])
        == ["sd/3/custom/plain", "rsd-c/2-2/custom/plain"])
    #expect(
      try await ids(["--cases", "rsd-*", "--top-k", "2"]) == ["rsd-c/2-2/custom/profile", "rsd-s/2x2/custom/profile"])
  }

  @Test(.timeLimit(.minutes(30)))
  func interruptedRunsLeaveAnInconclusiveCertificate() async throws {
    let folder = try Folder()
    let process = Command.process(["certify", "--suite", "wide", "-o", "c.json"], in: folder)
    let (output, error) = (try folder.stream(), try folder.stream())
    process.standardOutput = .file(output)
    process.standardError = .file(error)
    let sent = process
    let status = try await Command.end(of: process) {
      // The first row is written when the first case is judged: the run is then under way, with minutes to go.
      while sent.isRunning, ((try? Data(contentsOf: output)) ?? Data()).count(where: { $0 == 0x0A }) < 2 {
        Thread.sleep(forTimeInterval: 0.02)
      }
      sent.interrupt()
    }
    #expect(status == 2)
    #expect(String(decoding: try Data(contentsOf: error), as: UTF8.self) == "")
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    #expect(text.contains("\nInterrupted: "))
    let certificate = try [String: Any](json: folder.data("c.json"))
    #expect(certificate["verdict"] as? String == "inconclusive")
    let cases = try #require(certificate["cases"] as? [[String: Any]])
    #expect(cases.first?["verdict"] as? String == "pass")
    #expect(cases.last?["verdict"] as? String == "inconclusive")
    #expect(cases.last?["samples"] as? Int == 0)
    let verified = try await Command.run(["verify", "c.json"], in: folder)
    #expect(
      verified.text == "inconclusive: verdicts of \(cases.count) cases computed again, all agree\n" + VerifyTests.rates)
    #expect(verified.status == 2)
  }
}
