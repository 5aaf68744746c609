import Foundation
import TestSupport
import Testing

/// The built `rsd` as a child process.
enum Command {
  struct Result: Sendable {
    var status: Int32
    var output: Data
    var error: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// `rsd` stands in the folder of the test bundle: on Linux the bundle is the running program, on macOS an argument.
  static let executable: URL = {
    let arguments = CommandLine.arguments.map { URL(filePath: $0) }
    for candidate in arguments + Bundle.allBundles.map(\.bundleURL) {
      var folder = candidate
      for _ in 0..<4 {
        folder.deleteLastPathComponent()
        let file = folder.appending(path: "rsd")
        if FileManager.default.isExecutableFile(atPath: file.path), !isFolder(file) { return file }
      }
    }
    fatalError("rsd is not beside the test bundle; arguments: \(CommandLine.arguments)")
  }()

  static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

  private static func isFolder(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
  }

  /// At most so many run at once, each of which has threads for all processors; servers are not counted.
  private static let slots = Slots(ProcessInfo.processInfo.activeProcessorCount + 1)

  /// A process that is ready to run; nothing of this machine's terminal reaches it.
  static func process(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:]
  ) -> Child {
    Child(
      path: executable.path, arguments: arguments, environment: inherited.merging(environment) { $1 },
      folder: folder.url.path)
  }

  private static var inherited: [String: String] {
    ProcessInfo.processInfo.environment.filter { !["NO_COLOR", "COLUMNS", "TERM"].contains($0.key) }
  }

  /// Another program than `rsd`, such as a compiler, which is ready to run.
  static func tool(_ path: String, _ arguments: [String]) -> Child {
    Child(path: path, arguments: arguments, environment: inherited)
  }

  /// Runs to the end.
  ///
  /// Both streams go to files: a full pipe would stop the child.
  static func run(
    _ arguments: [String], in folder: Folder, environment: [String: String] = ["COLUMNS": "80"]
  ) async throws -> Result {
    let process = process(arguments, in: folder, environment: environment)
    let (output, error) = (try folder.stream(), try folder.stream())
    process.standardOutput = .file(output)
    process.standardError = .file(error)
    let status = try await end(of: process)
    // A folder is removed with its last reference, which must not be earlier.
    defer { withExtendedLifetime(folder) {} }
    return Result(
      status: status, output: try Data(contentsOf: output),
      error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
  }

  /// Starts a process when its turn has come, and waits for its end, beside what is to be done while it runs.
  ///
  /// - Parameter prepare: opens what the process needs: not before its turn, for many wait.
  /// - Returns: its exit status; 128 and the number of the signal that ended it.
  static func end(
    of process: Child, whileRunning body: @escaping @Sendable () -> Void = {},
    preparing prepare: @escaping @Sendable () throws -> Void = {}
  ) async throws -> Int32 {
    try await slots.withSlot {
      try prepare()
      try process.run()
      Thread.detachNewThread(body)
      // A test that has run out of time is cancelled.
      return await withTaskCancellationHandler {
        await blocking { process.waitUntilExit() }
      } onCancel: {
        process.kill()
      }
    }
  }

  /// Waits for a blocking call on a thread of its own: the threads of tasks are as few as the processors.
  static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }
}

/// A folder of a test's own, removed with it.
final class Folder: Sendable {
  let url = TestRun.folder.appending(path: UUID().uuidString)

  init(_ files: [String: String] = [:]) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try write(text, to: name) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  func write(_ data: Data, to name: String) throws { try data.write(to: url.appending(path: name)) }

  func data(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url.appending(path: name).path) }

  /// A new empty file for a child's stream.
  func stream() throws -> URL {
    let file = url.appending(path: UUID().uuidString)
    try Data().write(to: file)
    return file
  }
}

/// Certificates that several tests look at, each made once.
enum Certificates {
  static let quick = Task { try await make(["--quick"], status: 0) }
  static let whole = Task { try await make(["--no-proofs"], status: 0) }
  static let inconclusive = Task { try await make(["--cases", "rsd-c/*", "--samples", "4096"], status: 2) }
  static let ownModels = Task {
    try await make(
      ["--target", "\(models)/target.json", "--draft", "\(models)/draft.json", "--end-token", "2"], status: 0)
  }

  /// Three rules over the embedded pair; too few decodings to decide.
  static let transformers = Task {
    try await make(
      [
        "--model", "king-james-target", "--draft", "king-james-draft", "--text", "And it came to pass", "--rule", "sd",
        "--rule", "rsd-c", "--rule", "rsd-s", "--samples", "2000",
      ], status: 2)
  }

  /// A GGUF file that drafts for itself at another precision, both in fast arithmetic.
  static let gguf = Task {
    let file = Command.repository.appending(path: "Fixtures/checkpoints/gguf/llama-bf16.gguf").path
    return try await make(
      [
        "--model", file, "--precision", "f32", "--draft", file, "--draft-precision", "bf16", "--prompt", "1,2",
        "--rule", "sd", "--samples", "2000", "--arithmetic", "fast",
      ], status: 2)
  }

  /// Two rules over the embedded target and prompt look-up, of which some decodings are evaluated.
  static let promptLookup = Task {
    try await make(
      [
        "--model", "king-james-target", "--draft", "prompt-lookup", "--lookup-order", "2", "--text",
        "the king of the ki",
        "--rule", "sd", "--rule", "rsd-s", "--samples", "2000", "--evaluated", "500",
      ], status: 2)
  }

  /// This package as a port, over a chain, a tree and a beam.
  static let port = Task {
    try await make(["--port", "'\(Command.executable.path)' port", "--cases", "*/[23]*/[nz]*"], status: 0)
  }

  /// A port with a known defect, told by its vectors and by its laws.
  static let wrongPort = Task {
    try await make(
      [
        "--port", "'\(Command.executable.path)' port --defect residual-from-target", "--rule", "rsd-c", "--rule", "sd",
        "--rule", "rsd-s", "--quick",
      ], status: 1)
  }

  /// A port whose requests share their random numbers.
  static let dependentPort = Task {
    try await make(
      ["--port", "'\(Command.executable.path)' port --defect shared-stream", "--rule", "sd", "--quick"], status: 1)
  }

  /// A port that gives the wrong counts, and then ends.
  static let brokenPort = Task {
    let script = """
      read hello; echo '{"name":"broken","version":"1","rules":["sd"],"ops":["sample","verify"],"uniformBits":24}'
      read request; exit 3
      """
    return try await make(["--port", script, "--rule", "sd", "--quick"], status: 1)
  }

  static let models = Command.repository.appending(path: "Fixtures/models").path

  /// The cases of a certificate: suites grow, and no test needs to know by how much.
  static func count(_ certificate: Data) throws -> Int {
    try #require([String: Any](json: certificate)["cases"] as? [Any]).count
  }

  private static func make(_ arguments: [String], status: Int32) async throws -> Data {
    let folder = try Folder()
    let result = try await Command.run(["certify", "--output", "c.json"] + arguments, in: folder)
    #expect(result.status == status)
    #expect(result.error == "")
    return try folder.data("c.json")
  }
}

extension [String: Any] {
  init(json: Data) throws {
    self = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  }
}
