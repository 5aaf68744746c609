import Certification
import Foundation
import TestSupport
import Testing

/// `rsd certify --port`, against this package, the example ports, and ports that misbehave.
@Suite struct PortTests {
  static let examples = Command.repository.appending(path: "Examples/ports")

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
    quoted([try #require(python), examples.appending(path: name).path] + arguments)
  }

  /// A port that hangs, dies, floods or lies.
  static func hostile(_ arguments: [String]) throws -> String {
    let program = Command.repository.appending(path: "Tests/Programs/hostile_port.py")
    return quoted([try #require(python), program.path] + arguments)
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
    let run = try await Self.certify(Self.ownPort(), ["--cases", "rsd-c/2-2/contextual/*"])
    let port = try #require(run.port["port"] as? [String: Any])
    #expect(port["command"] as? String == Self.ownPort())
    #expect((port["hello"] as? [String: Any])?["name"] as? String == "rsd")
    let files = try #require(port["files"] as? [[String: String]])
    #expect(files.first?["name"] == Command.executable.path)
    #expect(files.first?["sha256"]?.count == 64)
  }

  @Test(.long, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
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
    #expect(run.statuses["rsd-c/2-2/contextual/top-p"] == "notSupported")
    #expect(!run.statuses.values.contains("fail"))
    #expect(run.text.contains("the port does not declare the rule autoregressive"))
  }

  /// The whole suite of the C++ port, all six rules.
  @Test(.long, .enabled(if: PortTests.compiler != nil, "no C++ compiler is on the PATH"))
  func theCPlusPlusExamplePasses() async throws {
    let folder = try Folder()
    let binary = try await Self.compile(into: folder)
    let run = try await Self.certify(Self.quoted([binary]), ["--workers", "2"])
    #expect(run.status == 0, "\(run.text)")
    #expect(Set(run.statuses.values) == ["pass"])
    withExtendedLifetime(folder) {}
  }

  static func compile(into folder: Folder) async throws -> String {
    let binary = folder.url.appending(path: "rsd_port").path
    let process = Command.tool(
      try #require(compiler), ["-std=c++17", "-O2", "-o", binary, examples.appending(path: "rsd_port.cpp").path])
    try #require(try await Command.end(of: process) == 0)
    return binary
  }

  // MARK: Ports that are wrong

  static let exampleDefects = ["residual-from-target", "residual-not-updated", "ratio-against-unconditional"]

  @Test(.long, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"), arguments: exampleDefects)
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

  @Test(.long, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"), arguments: exampleDefects)
  func theVerifyOnlyExamplesDefectsAreDiagnosed(defect: String) async throws {
    let run = try await Self.certify(
      try Self.example("rsd_verify_port.py", ["--defect", defect]), ["--rule", "rsd-s", "--rule", "rsd-c"])
    #expect(run.status == 1)
    for rule in ["rsd-c", "rsd-s"] {
      #expect(run.fitting(rule).count == 1)
      #expect(run.fitting(rule).first?.contains(defect) == true)
    }
  }

  @Test(.long, .enabled(if: PortTests.compiler != nil, "no C++ compiler is on the PATH"))
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
      Self.ownPort(["--defect", defect]), ["--cases", "[ri]*/rsd-c"])
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
}
