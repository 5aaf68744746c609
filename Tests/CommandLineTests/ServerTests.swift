import Certification
import Foundation
import Testing

/// `rsd certify --server` against `fake_server.py`, whose laws are known; every run states N and its rates.
@Suite(.serialized, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
struct ServerTests {
  // MARK: Servers that are right

  /// 800 completions of each kind; a server with one law fails with probability at most 1e-6, for any seed.
  @Test func aServerThatChangesNothingPasses() async throws {
    let server = try await FakeServer()
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--junit", "j.xml"])
    #expect(run.status == 0, "\(run.text)\(run.error)")
    #expect(run.error == "")
    let certificate = try run.certificate()
    #expect(certificate["verdict"] as? String == "pass")
    let prompt = try run.prompt()
    #expect(prompt["samples"] as? Int == 800)
    #expect(try #require(prompt["power"] as? Double) >= 1 - 1e-6)
    // Under a top-k of 2, four tokens have 16 continuations, all of which come.
    #expect((prompt["cells"] as? [Any])?.count == 16)
    #expect((prompt["repeats"] as? [String: Int]) == ["off": 2, "offEqual": 2, "on": 2, "onEqual": 2])
    #expect(
      String(decoding: try run.folder.data("j.xml"), as: UTF8.self).contains("tests=\"1\" failures=\"0\" errors=\"0\""))
    let check = try await Command.run(["verify", "c.json"], in: run.folder)
    #expect(check.status == 0)
    #expect(check.text.hasPrefix("certified: verdicts of 1 prompt computed again, all agree"))
    withExtendedLifetime(server) {}
  }

  /// Two servers, tokens instead of texts, a request a completion.
  @Test func twoServersAreComparedByTheirTokens() async throws {
    let (server, other) = (try await FakeServer(), try await FakeServer(["--law", "lossy:0.9"]))
    let options = [
      "--against", other.url, "--off-fields", #"{"speculative.n_max": 0}"#, "--tokens", "--draft-length", "1",
      "--top-k",
      "2", "--distance", "0.5", "--text", "x",
    ]
    let run = try await ServerRuns.certify(server.url, options)
    #expect(run.status == 0, "\(run.text)\(run.error)")
    let cells = try #require(try run.prompt()["cells"] as? [[String: Any]])
    #expect(cells.allSatisfy { ($0["tokens"] as? [String])?.count == 3 && $0["text"] == nil })
    #expect(run.text.contains("against \(other.url)"))
    withExtendedLifetime((server, other)) {}
  }

  // MARK: Servers that are wrong

  /// Half of the completions are one text: a total variation of half of everything else's share, 0.42 or so.
  ///
  /// The e-process refuses it long before the planned 800. The run is the same each time, as answers follow from seeds.
  @Test func lossySpeculationFails() async throws {
    let server = try await FakeServer(["--law", "lossy:0.5"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--junit", "j.xml"])
    #expect(run.status == 1, "\(run.text)\(run.error)")
    let prompt = try run.prompt()
    #expect(prompt["verdict"] as? String == "fail")
    let test = try #require(prompt["speculation"] as? [String: Any])
    let refused = try #require(test["refusedAt"] as? Int)
    #expect(refused < 300, "early, not at the planned 800")
    // The null goes on to eight times that, and is not refused.
    #expect(prompt["samples"] as? Int == min(800, 8 * refused))
    // Fifty completions a request, and four requests that are repeated.
    let requests = (refused + 49) / 50 + 2 * ((min(800, 8 * refused) + 49) / 50) + 4
    #expect(try run.certificate()["requests"] as? Int == requests)
    #expect((prompt["null"] as? [String: Any])?["refusedAt"] == nil)
    #expect(run.text.contains("“ w0 w0 w0 w0” comes in "))
    #expect(String(decoding: try run.folder.data("j.xml"), as: UTF8.self).contains("failures=\"1\""))
    #expect(try await Command.run(["verify", "c.json"], in: run.folder).status == 1)
    withExtendedLifetime(server) {}
  }

  /// Every third request goes to another model: two samples without speculation differ, and speculation is not judged.
  @Test func aServerThatDisagreesWithItselfIsInvalid() async throws {
    let server = try await FakeServer(["--law", "replicas"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--junit", "j.xml"])
    #expect(run.status == 2, "\(run.text)\(run.error)")
    #expect(try run.certificate()["verdict"] as? String == "invalid")
    #expect(try run.prompt()["speculation"] == nil)
    #expect(run.text.contains("does not agree with itself"))
    #expect(
      String(decoding: try run.folder.data("j.xml"), as: UTF8.self).contains("tests=\"1\" failures=\"0\" errors=\"1\""))
    #expect(try await Command.run(["verify", "c.json"], in: run.folder).status == 2)
    withExtendedLifetime(server) {}
  }

  /// Fifty requests in a row get one answer, or the completions of a request are copies: no sample is as large as it seems.
  @Test(arguments: [("bursts", "1"), ("copies", "4")])
  func completionsThatAreNotDrawnAnewAreInvalid(law: String, completions: String) async throws {
    let server = try await FakeServer(["--law", law])
    let run = try await ServerRuns.certify(
      server.url,
      ["--draft-length", "2", "--top-k", "2", "--completions", completions, "--distance", "0.4", "--text", "x"]
        + ServerRuns.off)
    #expect(run.status == 2, "\(run.text)\(run.error)")
    #expect(try run.certificate()["verdict"] as? String == "invalid")
    #expect(run.text.contains("the server does not draw each anew"), "\(run.text)")
    withExtendedLifetime(server) {}
  }

  @Test func equalCompletionsShowNothing() async throws {
    let server = try await FakeServer(["--law", "greedy"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(run.status == 2, "\(run.text)\(run.error)")
    #expect(try run.prompt()["verdict"] as? String == "inconclusive")
    #expect(run.text.contains("all completions are equal"))
    withExtendedLifetime(server) {}
  }

  @Test func tooFewCompletionsAreInconclusive() async throws {
    let server = try await FakeServer()
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--samples", "200"])
    #expect(run.status == 2)
    #expect(run.text.contains("too few completions to find a distance of 0.3"))
    withExtendedLifetime(server) {}
  }

  /// A server that ignores seeds has the right law all the same; that seeds are ignored is said.
  @Test func ignoredSeedsAreSaid() async throws {
    let server = try await FakeServer(["--law", "coarse"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(run.status == 0, "\(run.text)\(run.error)")
    #expect(run.text.contains("Of 4 requests that were sent twice, 0 were answered alike."))
    withExtendedLifetime(server) {}
  }

  /// The first text fails after one request of each kind; the server dies during the second.
  @Test func aFailureOutlivesItsServer() async throws {
    let server = try await FakeServer(["--law", "lossy:0.9", "--trouble", "dies"])
    let run = try await ServerRuns.certify(
      server.url,
      ["--draft-length", "2", "--top-k", "2", "--completions", "256", "--samples", "256", "--text", "a", "--text", "b"]
        + ServerRuns.off + ["--retries", "0"])
    #expect(run.status == 1, "\(run.text)\(run.error)")
    #expect(run.error.contains("prompt 2, request 1)"), "\(run.error)")
    let certificate = try run.certificate()
    #expect(certificate["verdict"] as? String == "fail" && certificate["ended"] != nil)
    let verdicts = (certificate["prompts"] as? [[String: Any]])?.map { $0["verdict"] as? String }
    #expect(verdicts == ["fail", "inconclusive"])
    withExtendedLifetime(server) {}
  }

  /// Texts are told once each, in their order, however the answers come.
  @Test func eachTextIsToldOnce() async throws {
    let server = try await FakeServer()
    let texts = ["a b", "c d", "e f"]
    let run = try await ServerRuns.certify(
      server.url,
      ServerRuns.small + ServerRuns.off + ["--samples", "100", "--workers", "3"] + texts.flatMap { ["--text", $0] })
    #expect(run.status == 2, "\(run.text)\(run.error)")
    let told = run.text.split(separator: "\n").filter { $0.hasPrefix("“") }.map { String($0.prefix(5)) }
    #expect(told == texts.map { "“\($0)”" })
    // Two requests of each kind, and four that are repeated, for each.
    #expect(try run.certificate()["requests"] as? Int == 30)
    withExtendedLifetime(server) {}
  }
}
