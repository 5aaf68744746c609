import Foundation
import Testing

/// `rsd certify --server` against `fake_server.py`, whose laws are known; every run states N and its rates.
@Suite(.serialized, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
struct ServerTests {
  // MARK: Servers that are right

  /// 800 completions of each kind; a server with one law fails with probability at most 1e-6, for any seed.
  @Test func aServerThatChangesNothingPasses() async throws {
    let server = try FakeServer()
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
    let (server, other) = (try FakeServer(), try FakeServer(["--law", "lossy:0.9"]))
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
    let server = try FakeServer(["--law", "lossy:0.5"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--junit", "j.xml"])
    #expect(run.status == 1, "\(run.text)\(run.error)")
    let prompt = try run.prompt()
    #expect(prompt["verdict"] as? String == "fail")
    let test = try #require(prompt["speculation"] as? [String: Any])
    let refused = try #require(test["refusedAt"] as? Int)
    #expect(refused < 300, "early, not at the planned 800")
    // The null goes on to eight times that, and is not refused.
    #expect(prompt["samples"] as? Int == min(800, 8 * refused))
    #expect((prompt["null"] as? [String: Any])?["refusedAt"] == nil)
    #expect(run.text.contains("“ w0 w0 w0 w0” comes in "))
    #expect(String(decoding: try run.folder.data("j.xml"), as: UTF8.self).contains("failures=\"1\""))
    #expect(try await Command.run(["verify", "c.json"], in: run.folder).status == 1)
    withExtendedLifetime(server) {}
  }

  /// Every third request goes to another model: two samples without speculation differ, and speculation is not judged.
  @Test func aServerThatDisagreesWithItselfIsInvalid() async throws {
    let server = try FakeServer(["--law", "replicas"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(run.status == 2, "\(run.text)\(run.error)")
    #expect(try run.certificate()["verdict"] as? String == "invalid")
    #expect(try run.prompt()["speculation"] == nil)
    #expect(run.text.contains("does not agree with itself"))
    #expect(try await Command.run(["verify", "c.json"], in: run.folder).status == 2)
    withExtendedLifetime(server) {}
  }

  /// Fifty requests in a row get one answer, or the completions of a request are copies: no sample is as large as it seems.
  @Test(arguments: [("bursts", "1"), ("copies", "4")])
  func completionsThatAreNotDrawnAnewAreInvalid(law: String, completions: String) async throws {
    let server = try FakeServer(["--law", law])
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
    let server = try FakeServer(["--law", "greedy"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(run.status == 2, "\(run.text)\(run.error)")
    #expect(try run.prompt()["verdict"] as? String == "inconclusive")
    #expect(run.text.contains("all completions are equal"))
    withExtendedLifetime(server) {}
  }

  @Test func tooFewCompletionsAreInconclusive() async throws {
    let server = try FakeServer()
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--samples", "200"])
    #expect(run.status == 2)
    #expect(run.text.contains("too few completions to find a distance of 0.3"))
    withExtendedLifetime(server) {}
  }

  /// A server that ignores seeds has the right law all the same; that seeds are ignored is said.
  @Test func ignoredSeedsAreSaid() async throws {
    let server = try FakeServer(["--law", "coarse"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick)
    #expect(run.status == 0, "\(run.text)\(run.error)")
    #expect(run.text.contains("Of 4 requests that were sent twice, 0 were answered alike."))
    withExtendedLifetime(server) {}
  }

  // MARK: Counts do not depend on how they were got

  @Test(arguments: ["honest", "lossy:0.5"])
  func workersAndRetriesChangeNothing(law: String) async throws {
    let (steady, flaky) = (try FakeServer(["--law", law]), try FakeServer(["--law", law, "--trouble", "flaky"]))
    let one = try await ServerRuns.certify(steady.url, ServerRuns.quick)
    let many = try await ServerRuns.certify(steady.url, ServerRuns.quick + ["--workers", "7"])
    let again = try await ServerRuns.certify(flaky.url, ServerRuns.quick + ["--workers", "3"])
    #expect(again.error == "")
    #expect(try one.prompts() == many.prompts())
    #expect(try one.prompts() == again.prompts())
    #expect(try #require(try again.certificate()["retries"] as? Int) > 0)
    withExtendedLifetime((steady, flaky)) {}
  }

  @Test func theRateIsKept() async throws {
    let server = try FakeServer()
    let run = try await ServerRuns.certify(
      server.url, ServerRuns.quick + ["--samples", "100", "--rate", "10", "--workers", "4"])
    // Six requests and four repeated ones, a tenth of a second apart: nine gaps.
    #expect(try #require(try run.certificate()["seconds"] as? Double) >= 0.89)
    withExtendedLifetime(server) {}
  }

  // MARK: A state is gone on with

  @Test func aRunGoesOnWhereItEnded() async throws {
    let folder = try Folder()
    let options = ServerRuns.quick + ["--state", "s.jsonl"]
    let server = try FakeServer(["--trouble", "dies"])
    let first = try await ServerRuns.certify(server.url, options + ["--retries", "0"], in: folder)
    #expect(first.status == 65, "\(first.text)\(first.error)")
    #expect(first.error.hasSuffix("; the answers are in s.jsonl, and the same command goes on\n"))
    #expect(try first.certificate()["ended"] != nil)
    #expect(try first.certificate()["verdict"] as? String == "inconclusive")
    // The address is a part of the settings: the state is written over to that of a server which lives.
    let steady = try FakeServer()
    let whole = try await ServerRuns.certify(steady.url, ServerRuns.quick)
    let fresh = try Folder()
    let begun = try await ServerRuns.certify(steady.url, options + ["--budget", "1ms"], in: fresh)
    #expect(begun.status == 2)
    #expect(begun.error.contains("the budget of 0.001 s is used up"))
    let all = try await ServerRuns.certify(steady.url, options, in: fresh)
    #expect(all.status == 0, "\(all.text)\(all.error)")
    let lines = try fresh.data("s.jsonl").split(separator: 0x0A)
    // A header, 48 requests and four repeated ones.
    #expect(lines.count == 53)
    // Half of it, and a torn line.
    let torn = lines.prefix(20).map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    try fresh.write(torn + String(decoding: lines[20].prefix(30), as: UTF8.self), to: "s.jsonl")
    let again = try await ServerRuns.certify(steady.url, options, in: fresh)
    #expect(again.status == 0, "\(again.text)\(again.error)")
    #expect(try fresh.data("s.jsonl").split(separator: 0x0A).count == 53)
    #expect(try again.prompts() == whole.prompts())
    // Nothing is left to ask.
    let last = try await ServerRuns.certify(steady.url, options, in: fresh)
    #expect(try last.prompts() == whole.prompts())
    #expect(try last.certificate()["requests"] as? Int == 52)
    withExtendedLifetime((server, steady)) {}
  }

  @Test func anotherRunsStateIsRefused() async throws {
    let server = try FakeServer()
    let folder = try Folder()
    let options = ServerRuns.small + ServerRuns.off + ["--samples", "50", "--text", "x", "--state", "s.jsonl"]
    _ = try await ServerRuns.certify(server.url, options, in: folder)
    let before = try folder.data("s.jsonl")
    let other = try await ServerRuns.certify(server.url, options + ["--seed", "7"], in: folder)
    #expect(other.status == 65)
    #expect(
      other.error
        == "rsd: s.jsonl: is the state of another run: the seed differs; give the same options, or another file\n")
    #expect(try folder.data("s.jsonl") == before)
    try folder.write("a shopping list\nmilk\n", to: "s.jsonl")
    let foreign = try await ServerRuns.certify(server.url, options, in: folder)
    #expect(foreign.status == 65)
    #expect(
      foreign.error == "rsd: s.jsonl: is no state of a run against a server; nothing was written, give another file\n")
    #expect(String(decoding: try folder.data("s.jsonl"), as: UTF8.self) == "a shopping list\nmilk\n")
    withExtendedLifetime(server) {}
  }

  /// Ctrl-C in the middle of a request that hangs: the answers so far are kept, and the certificate says why it ended.
  @Test func anInterruptionKeepsWhatIsThere() async throws {
    let server = try FakeServer(["--trouble", "hang"])
    let folder = try Folder()
    let process = Command.process(
      ["certify", "--server", server.url, "--state", "s.jsonl", "--output", "c.json"] + ServerRuns.quick, in: folder,
      environment: ServerRuns.noKey)
    process.standardOutput = FileHandle.nullDevice
    let errors = try folder.stream()
    process.standardError = try FileHandle(forWritingTo: errors)
    let state = folder.url.appending(path: "s.jsonl")
    let status = try await Command.end(of: process) {
      // Six answers, and then silence; the guard is for a machine that hangs.
      for _ in 0..<1200 {
        let lines = ((try? Data(contentsOf: state)) ?? Data()).split(separator: 0x0A).count
        if lines >= 7 { break }
        Thread.sleep(forTimeInterval: 0.05)
      }
      process.interrupt()
    }
    #expect(status == 2)
    let error = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    #expect(error == "rsd: interrupted; the answers are in s.jsonl, and the same command goes on\n")
    let certificate = try [String: Any](json: folder.data("c.json"))
    #expect(certificate["ended"] as? String == "interrupted")
    #expect((certificate["prompts"] as? [[String: Any]])?.first?["samples"] as? Int == 100)
    #expect(try await Command.run(["verify", "c.json"], in: folder).status == 2)
    withExtendedLifetime(server) {}
  }
}
