import ChildProcesses
import Foundation
import Testing

/// `Tests/Programs/fake_server.py` as a child, which ends with its last reference.
final class FakeServer: Sendable {
  let url: String
  private let process: Child

  static let script = Command.repository.appending(path: "Tests/Programs/fake_server.py")

  init(_ arguments: [String] = []) async throws {
    let process = Command.tool(try #require(PortTests.python), [Self.script.path] + arguments)
    let output = try Self.start(process)
    // Its first line is its port, and the only one.
    let line = await Command.blocking {
      var (text, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 64))
      while text.last != UInt8(ascii: "\n"), case let count = output.read(into: &buffer), count > 0 {
        text += buffer[..<count]
      }
      return String(decoding: text, as: UTF8.self)
    }
    try #require(line.hasSuffix("\n"), "the fake server ended before it named its port")
    url = "http://127.0.0.1:\(line.dropLast())"
    self.process = process
  }

  /// Starts the server; it alone has the other end of the pipe, which ends with it.
  private static func start(_ process: Child) throws -> Descriptor {
    let (output, input) = try Descriptor.pipe()
    process.standardOutput = .handle(FileHandle(fileDescriptor: input.number, closeOnDealloc: false))
    try withExtendedLifetime(input) { try process.run() }
    return output
  }
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
