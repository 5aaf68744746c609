import Certification
import Foundation
import Testing

/// `rsd certify --port` and ports that misbehave, are slow, or are asked for what they do not offer.
@Suite struct PortTroubleTests {
  @Test(
    // One after the other, and with time: thirty interpreters that start together would all be late.
    .serialized, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"),
    arguments: [
      ("hang", "timed-out"), ("ignore-term", "timed-out"), ("grandchild", "timed-out"), ("die", "died"),
      ("exit-zero", "died"), ("partial-line", "died"), ("close-stdout", "died"), ("flood", "flooded"),
      ("flood-lines", "wrong-id"), ("garbage", "not-json"), ("empty-line", "not-json"),
      ("not-an-object", "wrong-answer"),
      ("duplicate-key", "not-json"), ("nan", "not-json"), ("wrong-id", "wrong-id"), ("no-id", "wrong-id"),
      ("bad-sum", "wrong-answer"), ("negative", "wrong-answer"), ("fraction", "wrong-answer"),
      ("too-long", "wrong-answer"), ("too-short", "wrong-answer"), ("out-of-range", "wrong-answer"),
      ("bad-spelling", "wrong-answer"), ("bad-rounds", "wrong-answer"), ("rounds-out-of-range", "wrong-answer"),
      ("missing-counts", "wrong-answer"), ("invalid", "wrong-answer"),
    ])
  func aPortThatMisbehavesFailsOneCaseAndTheRestGoesOn(mode: String, kind: String) async throws {
    let folder = try Folder()
    // It misbehaves once, at the second request of the first case; the second case is asked of a new child.
    let marker = folder.url.appending(path: "misbehaved").path
    let run = try await PortTests.certify(
      try PortTests.hostile([mode, "1", marker]),
      ["--cases", "sd/1/witness-[er][ne][dj]*", "--timeout", "10s"])
    withExtendedLifetime(folder) {}
    #expect(run.status == 1)
    #expect(run.statuses.values.sorted() == ["fail", "pass"], "\(run.text)")
    let record = try #require(run.records.values.first { $0["status"] as? String == "fail" })
    let failure = try #require(record["failure"] as? [String: Any])
    // A launcher in between, such as a version manager's, may keep the port's stdout open.
    let kinds = mode == "close-stdout" ? [kind, "timed-out"] : [kind]
    #expect(kinds.contains(failure["kind"] as? String ?? ""), "\(failure)")
    if mode == "die" { #expect(failure["log"] as? String == "the last words of a port") }
    let check = try await Command.run(["verify", "c.json"], in: run.folder)
    #expect(
      check.text.hasPrefix("FAILED: verdicts of 2 cases computed again, all agree"), "\(check.text)\(check.error)")
  }

  /// A port that is another one after its restart is refused: nobody may change between the questions.
  @Test func aPortMayNotChangeAtARestart() async throws {
    let folder = try Folder()
    let marker = folder.url.appending(path: "failed-once").path
    let script = """
      if [ -e '\(marker)' ]; then exec \(PortTests.ownPort()); fi
      touch '\(marker)'; read hello
      echo '{"name":"once","version":"1","rules":["sd"],"ops":["sample"]}'
      read request; exit 7
      """
    let run = try await PortTests.certify(script, ["--cases", "sd/1/witness-[er][ne][dj]*"])
    withExtendedLifetime(folder) {}
    #expect(run.status == 1)
    #expect(run.text.contains("the port says another hello than before"))
  }

  @Test(
    .enabled(if: PortTests.python != nil, "python3 is not on the PATH"),
    arguments: ["stderr-flood", "late", "not-supported"])
  func aPortMayBeNoisySlowOrModest(mode: String) async throws {
    let run = try await PortTests.certify(
      try PortTests.hostile([mode, "1"]),
      ["--cases", "sd/1/witness-[er][ne][dj]*", "--timeout", "30s"])
    #expect(!run.statuses.values.contains("fail"), "\(run.text)")
    #expect(run.statuses.values.contains(mode == "not-supported" ? "notSupported" : "pass"))
  }

  @Test func aPortThatDoesNotStartIsBadData() async throws {
    let result = try await Command.run(
      ["certify", "--port", "echo last words >&2; exit 9"], in: Folder())
    #expect(result.status == 65)
    #expect(result.text == "")
    #expect(
      result.error
        == "rsd: --port echo last words >&2; exit 9: no hello: the port ended with status 9 instead of answering; its "
        + "stderr ends: last words\n")
  }

  @Test func aBudgetLeavesTheRestInconclusive() async throws {
    let run = try await PortTests.certify(
      PortTests.ownPort(), ["--cases", "rsd-c/3/one-hot/warm", "--budget", "1ms"])
    #expect(run.status == 2)
    #expect(Set(run.statuses.values) == ["inconclusive"])
    #expect(run.text.contains("--budget"))
    #expect(run.junit.contains("errors=\"1\""))
  }

  @Test func rulesThatAreNotDeclaredAreListed() async throws {
    let script = """
      read hello; echo '{"name":"none","version":"1","rules":["autoregressive"],"ops":["sample"]}'; exec cat
      """
    let run = try await PortTests.certify(script, ["--rule", "rsd-s"])
    #expect(run.status == 2)
    #expect(Set(run.statuses.values) == ["notSupported"])
    #expect(run.text.contains("the port does not declare the rule rsd-s ("))
    #expect(run.junit.contains("<skipped"))
  }

  /// The first port of docs/porting.md: it says hello, and refuses everything else, rightly or not.
  @Test(.enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
  func aPortThatRefusesEverythingIsNotCertified() async throws {
    let guide = try String(contentsOf: Command.repository.appending(path: "docs/porting.md"), encoding: .utf8)
    let first = try #require(guide.split(separator: "```python\n", maxSplits: 1).last?.split(separator: "```").first)
    let folder = try Folder(["my_port.py": String(first)])
    let port = folder.url.appending(path: "my_port.py").path
    let run = try await PortTests.certify(PortTests.quoted([try #require(PortTests.python), port]), [])
    #expect(run.status == 2, "\(run.text)\(run.error)")
    #expect(run.statuses["vectors/rsd-c"] == "notSupported")
    #expect(!run.statuses.values.contains("fail"))
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [
    (["--samples", "5"], "--samples has no part in a port's run"), (["--threads", "2"], "--threads (see --workers)"),
    (["--suite", "wide"], "--suite has no part"), (["--until-certified"], "--until-certified has no part"),
    (["--timeout", "0s"], "--timeout"), (["--budget", "soon"], "--budget"),
    (["--workers", "0"], "--workers 0 is out of range"),
    (["--no-proofs"], "--no-proofs has no part"), (["--model", "m", "--draft", "d"], "exclude each other"),
  ])
  func optionsWithoutAPartAreRefused(arguments: [String], words: String) async throws {
    let result = try await Command.run(["certify", "--port", "cat"] + arguments, in: Folder())
    #expect(result.status == 64)
    #expect(result.error.contains(words), "\(result.error)")
  }

  @Test(arguments: [["--timeout", "5s"], ["--budget", "5s"], ["--workers", "2"]])
  func portOptionsNeedAPort(arguments: [String]) async throws {
    let result = try await Command.run(["certify"] + arguments, in: Folder())
    #expect(result.status == 64)
    #expect(result.error.contains("\(arguments[0]) is of --port and --server; add one of them"))
  }
}
