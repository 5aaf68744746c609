import Foundation
import Testing

/// `rsd certify --port`, against this package, the example ports, and ports that misbehave.
@Suite struct PortTests {
  static let fixtures = Command.repository.appending(path: "Fixtures/ports")

  /// The path of a tool; `nil` where this machine has none, which a test then says.
  static func tool(_ names: String...) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in names {
      for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
        return "\(folder)/\(name)"
      }
    }
    return nil
  }

  static let python = tool("python3")
  static let compiler = tool("c++", "g++", "clang++")

  static func quoted(_ words: [String]) -> String {
    words.map { "'\($0)'" }.joined(separator: " ")
  }

  static func ownPort(_ arguments: [String] = []) -> String {
    quoted([Command.executable.path, "port"] + arguments)
  }

  static func example(_ name: String, _ arguments: [String] = []) throws -> String {
    quoted([try #require(python), fixtures.appending(path: name).path] + arguments)
  }

  struct Run {
    var status: Int32
    var text: String
    var error: String
    var certificate: [String: Any]
    var junit: String
    var folder: Folder

    var port: [String: Any] { certificate["port"] as? [String: Any] ?? [:] }

    /// The records of cases and checks by their identifiers.
    var records: [String: [String: Any]] {
      let all = ["cases", "checks"].flatMap { port[$0] as? [[String: Any]] ?? [] }
      return Dictionary(uniqueKeysWithValues: all.map { ($0["id"] as? String ?? "", $0) })
    }

    var statuses: [String: String] { records.compactMapValues { $0["status"] as? String } }

    /// The defects that fit, by rule, over all diagnoses.
    func fitting(_ rule: String) -> [[String]] {
      (port["diagnoses"] as? [[String: Any]] ?? []).filter { $0["rule"] as? String == rule }.map { diagnosis in
        (diagnosis["candidates"] as? [[String: Any]] ?? []).filter { $0["fits"] as? Bool == true }
          .flatMap { $0["defects"] as? [String] ?? [] }
      }
    }
  }

  static func certify(_ command: String, _ arguments: [String]) async throws -> Run {
    let folder = try Folder()
    let result = try await Command.run(
      ["certify", "--port", command, "--output", "c.json", "--junit", "j.xml"] + arguments, in: folder)
    return Run(
      status: result.status, text: result.text, error: result.error,
      certificate: try [String: Any](json: folder.data("c.json")),
      junit: String(decoding: try folder.data("j.xml"), as: UTF8.self), folder: folder)
  }

  // MARK: Ports that are right

  /// One case a shape, all witnesses and all checks: N is at most 128,000 a case, the false-fail rate 1e-6 for any seed.
  @Test func thisPackagePassesItsOwnSuite() async throws {
    let run = try await Self.certify(Self.ownPort(), ["--quick", "--workers", "2"])
    #expect(run.status == 0)
    #expect(run.error == "")
    #expect(Set(run.statuses.values) == ["pass"])
    #expect(run.certificate["verdict"] as? String == "certified")
    #expect(run.junit.contains("failures=\"0\" errors=\"0\" skipped=\"0\""))
    let check = try await Command.run(["verify", "c.json"], in: run.folder)
    #expect(check.status == 0)
    #expect(check.text.hasPrefix("certified: verdicts of \(run.statuses.count) cases computed again, all agree"))
  }

  @Test func identityIsRecorded() async throws {
    let run = try await Self.certify(Self.ownPort(), ["--cases", "rsd-c/2/contextual/*"])
    let port = try #require(run.port["port"] as? [String: Any])
    #expect(port["command"] as? String == Self.ownPort())
    #expect((port["hello"] as? [String: Any])?["name"] as? String == "rsd")
    let files = try #require(port["files"] as? [[String: String]])
    #expect(files.first?["name"] == Command.executable.path)
    #expect(files.first?["sha256"]?.count == 64)
  }

  @Test(.enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
  func thePythonExamplePasses() async throws {
    let run = try await Self.certify(try Self.example("rsd_port.py"), ["--quick", "--rule", "rsd-c", "--rule", "sd"])
    #expect(run.status == 0, "\(run.text)")
    #expect(Set(run.statuses.values) == ["pass"])
  }

  @Test(.enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
  func theVerifyOnlyExamplePassesAndItsLawsAreNotSupported() async throws {
    let run = try await Self.certify(try Self.example("rsd_verify_port.py"), [])
    #expect(run.status == 0, "\(run.text)")
    #expect(run.statuses["vectors/rsd-s"] == "pass")
    #expect(run.statuses["vectors/specinfer"] == "pass")
    #expect(run.statuses["replay/rsd-c"] == "notSupported")
    #expect(run.statuses["rsd-c/2/contextual/top-p"] == "notSupported")
    #expect(!run.statuses.values.contains("fail"))
    #expect(run.text.contains("the port does not declare the rule autoregressive"))
  }

  /// The whole suite of the C++ port, all six rules.
  @Test(.enabled(if: PortTests.compiler != nil, "no C++ compiler is on the PATH"))
  func theCPlusPlusExamplePasses() async throws {
    let folder = try Folder()
    let binary = try await Self.compile(into: folder)
    let run = try await Self.certify(Self.quoted([binary]), ["--workers", "2"])
    #expect(run.status == 0, "\(run.text)")
    #expect(Set(run.statuses.values) == ["pass"])
    withExtendedLifetime(folder) {}
  }

  static func compile(into folder: Folder) async throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: try #require(compiler))
    let binary = folder.url.appending(path: "rsd_port").path
    process.arguments = ["-std=c++17", "-O2", "-o", binary, fixtures.appending(path: "rsd_port.cpp").path]
    try #require(try await Command.end(of: process) == 0)
    return binary
  }

  // MARK: Ports that are wrong

  static let exampleDefects = ["residual-from-target", "residual-not-updated", "ratio-against-unconditional"]

  @Test(.enabled(if: PortTests.python != nil, "python3 is not on the PATH"), arguments: exampleDefects)
  func thePythonExamplesDefectsAreDiagnosed(defect: String) async throws {
    let run = try await Self.certify(
      try Self.example("rsd_port.py", ["--defect", defect]), ["--quick", "--rule", "rsd-c"])
    #expect(run.status == 1)
    #expect(run.statuses["vectors/rsd-c"] == "fail")
    #expect(run.statuses["replay/rsd-c"] == "pass")
    #expect(run.statuses.filter { $0.key.hasPrefix("rsd-c/") }.values.contains("fail"))
    // From the vectors, and from the laws.
    #expect(run.fitting("rsd-c").count == 2)
    for names in run.fitting("rsd-c") { #expect(names.contains(defect), "\(names)") }
    #expect(run.text.contains("looks like \(defect): "))
    #expect(run.text.contains("too frequent") || run.text.contains("is impossible"))
    let check = try await Command.run(["verify", "c.json"], in: run.folder)
    #expect(check.status == 1)
    #expect(check.text.hasPrefix("FAILED"))
    let page = try await Command.run(["report", "c.json", "--output", "r.html"], in: run.folder)
    #expect(page.status == 1)
    let html = String(decoding: try run.folder.data("r.html"), as: UTF8.self)
    #expect(html.contains("What is wrong") && html.contains(defect) && html.contains("rsd_port.py"))
  }

  @Test(.enabled(if: PortTests.python != nil, "python3 is not on the PATH"), arguments: exampleDefects)
  func theVerifyOnlyExamplesDefectsAreDiagnosed(defect: String) async throws {
    let run = try await Self.certify(
      try Self.example("rsd_verify_port.py", ["--defect", defect]), ["--rule", "rsd-s", "--rule", "rsd-c"])
    #expect(run.status == 1)
    for rule in ["rsd-c", "rsd-s"] {
      #expect(run.fitting(rule).count == 1)
      #expect(run.fitting(rule).first?.contains(defect) == true)
    }
  }

  @Test(.enabled(if: PortTests.compiler != nil, "no C++ compiler is on the PATH"))
  func theCPlusPlusExamplesDefectsAreDiagnosed() async throws {
    let folder = try Folder()
    let binary = try await Self.compile(into: folder)
    for defect in Self.exampleDefects {
      let run = try await Self.certify(Self.quoted([binary, "--defect", defect]), ["--quick", "--rule", "rsd-c"])
      #expect(run.status == 1)
      for names in run.fitting("rsd-c") { #expect(names.contains(defect), "\(names)") }
      #expect(run.fitting("rsd-c").count == 2)
    }
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: [("seed-ignored", "replay/rsd-c"), ("shared-stream", "independence/rsd-c")])
  func theChecksSeeWhatNoLawShows(defect: String, check: String) async throws {
    let run = try await Self.certify(
      Self.ownPort(["--defect", defect]), ["--cases", "[ri][en][pd]*/rsd-c"])
    #expect(run.status == 1)
    #expect(run.statuses[check] == "fail")
    // Without its seed a port repeats itself from request to request, which both checks see.
    let failed = run.statuses.values.count { $0 == "fail" }
    #expect(failed == (defect == "seed-ignored" ? 2 : 1))
    #expect(run.fitting("rsd-c") == Array(repeating: [defect], count: failed))
  }

  /// A decoder that is exact and slow in a way that shows in no output.
  @Test func acceptedLengthsAreTestedToo() async throws {
    let run = try await Self.certify(
      Self.ownPort(["--defect", "draft-position-shifted"]), ["--cases", "sd/2/witness-draft-position-shifted/*"])
    #expect(run.status == 1)
    #expect(run.text.contains("the first round emits another number of tokens than the rule's"))
  }

  // MARK: Ports that misbehave

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
    let run = try await Self.certify(
      try Self.example("hostile_port.py", [mode, "1", marker]),
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
      if [ -e '\(marker)' ]; then exec \(Self.ownPort()); fi
      touch '\(marker)'; read hello
      echo '{"name":"once","version":"1","rules":["sd"],"ops":["sample"]}'
      read request; exit 7
      """
    let run = try await Self.certify(script, ["--cases", "sd/1/witness-[er][ne][dj]*"])
    withExtendedLifetime(folder) {}
    #expect(run.status == 1)
    #expect(run.text.contains("the port says another hello than before"))
  }

  @Test(
    .enabled(if: PortTests.python != nil, "python3 is not on the PATH"),
    arguments: ["stderr-flood", "late", "not-supported"])
  func aPortMayBeNoisySlowOrModest(mode: String) async throws {
    let run = try await Self.certify(
      try Self.example("hostile_port.py", [mode, "1"]), ["--cases", "sd/1/witness-[er][ne][dj]*", "--timeout", "30s"])
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
    let run = try await Self.certify(
      Self.ownPort(), ["--cases", "rsd-c/2-1-1/anti-correlated/warm", "--budget", "1ms"])
    #expect(run.status == 2)
    #expect(Set(run.statuses.values) == ["inconclusive"])
    #expect(run.text.contains("--budget"))
    #expect(run.junit.contains("errors=\"1\""))
  }

  @Test func rulesThatAreNotDeclaredAreListed() async throws {
    let script = """
      read hello; echo '{"name":"none","version":"1","rules":["autoregressive"],"ops":["sample"]}'; exec cat
      """
    let run = try await Self.certify(script, ["--rule", "rsd-s"])
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
    let run = try await Self.certify(Self.quoted([try #require(Self.python), port]), [])
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

  // MARK: Certificates that lie

  @Test func forgedCertificatesAreFound() async throws {
    let run = try await Self.certify(Self.ownPort(), ["--rule", "sd"])
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
