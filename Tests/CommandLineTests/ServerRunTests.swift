import Certification
import Foundation
import Testing

/// How a run against a server goes, on which no count depends: workers, retries, waits, states and interruptions.
@Suite(.serialized, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
struct ServerRunTests {
  // MARK: Counts do not depend on how they were got

  @Test(arguments: ["honest", "lossy:0.5"])
  func workersAndRetriesChangeNothing(law: String) async throws {
    let (steady, flaky) = (
      try await FakeServer(["--law", law]), try await FakeServer(["--law", law, "--trouble", "flaky"])
    )
    let one = try await ServerRuns.certify(steady.url, ServerRuns.quick)
    let many = try await ServerRuns.certify(steady.url, ServerRuns.quick + ["--workers", "7"])
    let again = try await ServerRuns.certify(flaky.url, ServerRuns.quick + ["--workers", "3"])
    #expect(again.error == "")
    #expect(try one.prompts() == many.prompts())
    #expect(try one.prompts() == again.prompts())
    let (requests, retries) = (
      try #require(try again.certificate()["requests"] as? Int),
      try #require(try again.certificate()["retries"] as? Int)
    )
    // Of seven requests two find the server busy. Three kinds of 16, and four repeated ones: the 52nd is the 72nd sent.
    if law == "honest" { #expect(requests == 72 && retries == 20) }
    #expect(retries > 0 && retries < requests)
    withExtendedLifetime((steady, flaky)) {}
  }

  @Test func theRateIsKept() async throws {
    let server = try await FakeServer()
    let run = try await ServerRuns.certify(
      server.url, ServerRuns.quick + ["--samples", "100", "--rate", "10", "--workers", "4"])
    // Six requests and four repeated ones, a tenth of a second apart: nine gaps.
    #expect(try #require(try run.certificate()["seconds"] as? Double) >= 0.89)
    withExtendedLifetime(server) {}
  }

  /// A server that answers none before a second request is there.
  @Test func workersAskAtOnce() async throws {
    let server = try await FakeServer(["--trouble", "pairs"])
    let run = try await ServerRuns.certify(
      server.url, ServerRuns.quick + ["--samples", "100", "--workers", "2", "--retries", "0", "--timeout", "30s"])
    #expect(run.status == 2 && run.error == "", "\(run.error)")
    #expect(try run.prompt()["samples"] as? Int == 100)
    withExtendedLifetime(server) {}
  }

  /// Where the server asks for an hour, nothing is sent again before the budget ends.
  @Test func whatTheServerAsksForIsWaited() async throws {
    let server = try await FakeServer(["--trouble", "later"])
    let run = try await ServerRuns.certify(server.url, ServerRuns.quick + ["--budget", "1500ms"])
    #expect(run.status == 2)
    #expect(run.error.contains("the budget of 1.5 s is used up"), "\(run.error)")
    #expect(try run.certificate()["retries"] as? Int == 0)
    withExtendedLifetime(server) {}
  }

  // MARK: A state is gone on with

  @Test func aRunGoesOnWhereItEnded() async throws {
    let folder = try Folder()
    let options = ServerRuns.quick + ["--state", "s.jsonl"]
    let server = try await FakeServer(["--trouble", "dies"])
    let first = try await ServerRuns.certify(server.url, options + ["--retries", "0"], in: folder)
    #expect(first.status == 65, "\(first.text)\(first.error)")
    #expect(first.error.hasSuffix("; the answers are in s.jsonl, and the same command goes on\n"))
    #expect(try first.certificate()["ended"] != nil)
    #expect(try first.certificate()["verdict"] as? String == "inconclusive")
    // The address is a part of the settings: the state is written over to that of a server which lives.
    let steady = try await FakeServer()
    let whole = try await ServerRuns.certify(steady.url, ServerRuns.quick)
    let fresh = try Folder()
    let begun = try await ServerRuns.certify(steady.url, options + ["--budget", "1ms"], in: fresh)
    #expect(begun.status == 2)
    #expect(begun.error.contains("the budget of 0.001 s is used up"))
    let all = try await ServerRuns.certify(steady.url, options, in: fresh)
    #expect(all.status == 0, "\(all.text)\(all.error)")
    let lines = try fresh.data("s.jsonl").split(separator: 0x0A)
    // A header, 48 requests and four repeated ones.
    try #require(lines.count == 53)
    // Half of it, and a torn line.
    let torn = lines.prefix(20).map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    try fresh.write(torn + String(decoding: lines[20].prefix(30), as: UTF8.self), to: "s.jsonl")
    let again = try await ServerRuns.certify(steady.url, options, in: fresh)
    #expect(again.status == 0, "\(again.text)\(again.error)")
    #expect(try fresh.data("s.jsonl").split(separator: 0x0A).count == 53)
    #expect(try again.prompts() == whole.prompts())
    // Nothing is left to ask.
    let last = try await ServerRuns.certify(steady.url, options, in: fresh)
    #expect(last.status == 0, "\(last.text)\(last.error)")
    #expect(try last.prompts() == whole.prompts())
    #expect(try last.certificate()["requests"] as? Int == 52)
    withExtendedLifetime((server, steady)) {}
  }

  @Test func anotherRunsStateIsRefused() async throws {
    let server = try await FakeServer()
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

  /// Only the end of a state can be torn, by an interruption; all else is someone's change, and two runs do not share one.
  @Test func aStateThatWasChangedOrIsInUseIsRefused() async throws {
    let server = try await FakeServer()
    let folder = try Folder()
    let options = ServerRuns.small + ServerRuns.off + ["--samples", "50", "--text", "x", "--state", "s.jsonl"]
    _ = try await ServerRuns.certify(server.url, options, in: folder)
    let whole = try folder.data("s.jsonl")
    var lines = whole.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    try #require(lines.count == 6)
    for change in ["{}", lines[2].replacing("\"prompt\":0", with: "\"prompt\":1"), String(lines[2].dropLast(9))] {
      try #require(change != lines[2])
      var changed = lines
      changed[2] = change
      try folder.write(changed.joined(separator: "\n") + "\n", to: "s.jsonl")
      let run = try await ServerRuns.certify(server.url, options, in: folder)
      #expect(run.status == 65)
      #expect(run.error == "rsd: s.jsonl: line 3 is no answer of this run; was the file changed?\n")
    }
    for line in lines[1...] {
      try folder.write((lines + [line]).joined(separator: "\n") + "\n", to: "s.jsonl")
      let run = try await ServerRuns.certify(server.url, options, in: folder)
      #expect(run.status == 65)
      #expect(run.error == "rsd: s.jsonl: line 7 answers a request for the second time; was the file changed?\n")
    }
    // An interruption at the very beginning.
    try folder.write(String(lines[0].prefix(40)), to: "s.jsonl")
    let begun = try await ServerRuns.certify(server.url, options, in: folder)
    #expect(begun.status == 2 && begun.error == "", "\(begun.error)")
    lines = try folder.data("s.jsonl").split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    #expect(lines.count == 6)
    let lock = try FileHandle(forUpdating: folder.url.appending(path: "s.jsonl"))
    try #require(flock(lock.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
    let second = try await ServerRuns.certify(server.url, options, in: folder)
    #expect(second.status == 65 && second.error == "rsd: s.jsonl: is in use by another run\n")
    try lock.close()
    withExtendedLifetime(server) {}
  }

  /// Ctrl-C in the middle of a request that hangs: the answers so far are kept, and the certificate says why it ended.
  @Test func anInterruptionKeepsWhatIsThere() async throws {
    let server = try await FakeServer(["--trouble", "hang"])
    let folder = try Folder()
    let process = Command.process(
      ["certify", "--server", server.url, "--state", "s.jsonl", "--output", "c.json"] + ServerRuns.quick, in: folder,
      environment: ServerRuns.noKey)
    process.standardOutput = nil
    let errors = try folder.stream()
    process.standardError = .file(errors)
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
