import Foundation
import Testing

/// `Fixtures/servers/fake_server.py` as a child, which ends with its last reference.
final class FakeServer: Sendable {
  let url: String
  private let process: Process

  static let script = Command.repository.appending(path: "Fixtures/servers/fake_server.py")

  init(_ arguments: [String] = []) throws {
    process = Process()
    process.executableURL = URL(filePath: try #require(PortTests.python))
    process.arguments = [Self.script.path] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    // Its first line is its port.
    var text = ""
    while !text.hasSuffix("\n") {
      let data = pipe.fileHandleForReading.availableData
      try #require(!data.isEmpty, "the fake server ended before it named its port")
      text += String(decoding: data, as: UTF8.self)
    }
    url = "http://127.0.0.1:\(text.trimmingCharacters(in: .whitespacesAndNewlines))"
  }

  // SIGTERM would wait for ever: a child inherits the signals that the test runner's threads block.
  deinit { kill(process.processIdentifier, SIGKILL) }
}

/// Runs of `rsd certify --server` against a fake server.
enum ServerRuns {
  /// Two tokens are drafted, so that four are compared: 16 continuations under a top-k of 2.
  static let small = ["--draft-length", "2", "--top-k", "2", "--completions", "50"]
  static let off = ["--off-fields", #"{"speculative.n_max": 0}"#]
  /// Distance 0.3 takes 795 completions of each kind from a prompt: 800 in whole requests.
  static let quick = small + off + ["--distance", "0.3", "--text", "a b a b a"]
  static let noKey = ["COLUMNS": "80", "RSD_API_KEY": ""]

  struct Run {
    var status: Int32
    var text: String
    var error: String
    var folder: Folder

    /// The certificate that it wrote.
    func certificate() throws -> [String: Any] { try [String: Any](json: folder.data("c.json")) }

    /// The records of the prompts: what may not depend on workers, retries or interruptions.
    func prompts() throws -> Data {
      try JSONSerialization.data(withJSONObject: try certificate()["prompts"] as Any, options: .sortedKeys)
    }

    func prompt() throws -> [String: Any] {
      try #require((try certificate()["prompts"] as? [[String: Any]])?.first)
    }
  }

  static func certify(
    _ url: String, _ arguments: [String], environment: [String: String] = noKey, in folder: Folder? = nil
  ) async throws -> Run {
    let folder = try folder ?? Folder()
    let result = try await Command.run(
      ["certify", "--server", url, "--output", "c.json"] + arguments, in: folder, environment: environment)
    return Run(status: result.status, text: result.text, error: result.error, folder: folder)
  }
}
