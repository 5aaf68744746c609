import ChildProcesses
import Foundation
@testable import Ports
@testable import Servers
import Testing

@testable import Certification

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What is opened for a child or a transfer is closed again: each kind many times over, in a process of its own, where
/// no other test opens anything.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "there is no /proc/self/fd"))
struct DescriptorTests {
  private static func count() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }

  /// Does something once, for what stays open on purpose, and then over and over.
  static func expectNoLeak(times: Int = 60, _ body: () async throws -> Void) async throws {
    try await body()
    let before = try count()
    for _ in 0..<times { try await body() }
    // A session closes its sockets soon after its end; the guard is for a machine that hangs.
    for _ in 0..<600 where try count() > before { try await Task.sleep(for: .milliseconds(50)) }
    #expect(try count() <= before, "of \(times) at first \(before)")
  }

  static func runCommand() async throws {
    #expect(try await Command.run(["--version"], in: Folder()).status == 0)
  }

  static func startWhatDoesNotExist() async throws {
    await #expect(throws: SystemCallError.self) {
      try await Command.end(of: Command.tool("/no/such/program", []))
    }
  }

  static func runOnTerminal() async throws {
    #expect(try await !TerminalTests.onTerminal(["--version"]).isEmpty)
  }

  static func askServer() async throws {
    let server = try await FakeServer()
    var request = URLRequest(url: try #require(URL(string: server.url + "/v1/completions")))
    request.httpMethod = "POST"
    request.httpBody = Data(#"{"prompt": "x", "max_tokens": 1, "top_k": 2}"#.utf8)
    let client = HTTPClient(connections: 2, key: nil)
    let answer = try await client.send(request, timeout: 600) { false }
    #expect(answer.status == 200)
    client.close()
    withExtendedLifetime(server) {}
  }

  static func askPortThatDies() throws {
    #expect(throws: PortFailure.self) {
      let connection = try PortConnection(command: "exit 3")
      _ = try connection.exchange("hello", limit: 1 << 16, within: 600)
    }
  }

  @Test func commandsLeaveNone() async {
    await #expect(processExitsWith: .success) {
      try await DescriptorTests.expectNoLeak { try await DescriptorTests.runCommand() }
    }
  }

  @Test func programsThatDoNotExistLeaveNone() async {
    await #expect(processExitsWith: .success) {
      try await DescriptorTests.expectNoLeak { try await DescriptorTests.startWhatDoesNotExist() }
    }
  }

  @Test func terminalsLeaveNone() async {
    await #expect(processExitsWith: .success) {
      try await DescriptorTests.expectNoLeak { try await DescriptorTests.runOnTerminal() }
    }
  }

  @Test(.enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
  func serversAndTransfersLeaveNone() async {
    await #expect(processExitsWith: .success) {
      try await DescriptorTests.expectNoLeak { try await DescriptorTests.askServer() }
    }
  }

  /// A port that dies a thousand times.
  @Test func portsLeaveNone() async {
    await #expect(processExitsWith: .success) {
      try await DescriptorTests.expectNoLeak(times: 1000) { try DescriptorTests.askPortThatDies() }
    }
  }
}
