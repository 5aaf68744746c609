import Foundation
@testable import Servers
import Testing

@testable import Certification

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Transfers that end in two ways at once: each has one end, and its caller goes on.
@Suite(.serialized, .enabled(if: PortTests.python != nil, "python3 is not on the PATH"))
struct HTTPClientTests {
  private static func request(_ url: String) throws -> URLRequest {
    var request = URLRequest(url: try #require(URL(string: url + "/v1/completions")))
    request.httpMethod = "POST"
    request.httpBody = Data(#"{"prompt": "x", "max_tokens": 1, "top_k": 2}"#.utf8)
    return request
  }

  private actor Ends {
    var kinds: [ServerFailure.Kind?] = []
    func add(_ kind: ServerFailure.Kind?) { kinds.append(kind) }
  }

  /// A run that is ended while a request begins: none waits for ever, answered or not.
  @Test func anEndIsSeenFromTheBeginning() async throws {
    let server = try await FakeServer(["--trouble", "hang"])
    let request = try Self.request(server.url)
    let ends = Ends()
    let task = Task {
      for _ in 0..<100 {
        let client = HTTPClient(connections: 1, key: nil)
        do throws(ServerFailure) {
          _ = try await client.send(request, timeout: 600) { true }
          await ends.add(nil)
        } catch {
          await ends.add(error.kind)
        }
        client.close()
      }
    }
    // Some seconds; the guard is for a machine that hangs.
    for _ in 0..<1200 {
      if await ends.kinds.count == 100 { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    let kinds = await ends.kinds
    #expect(kinds.count == 100 && kinds.allSatisfy { $0 == nil || $0 == .ended }, "\(kinds)")
    task.cancel()
    withExtendedLifetime(server) {}
  }

  /// The session ends as soon as the caller has the failure: Foundation ends the program where a task that waits for
  /// the answer to a redirect is cancelled.
  @Test func aRedirectIsOverWhenItsCallerGoesOn() async throws {
    let server = try await FakeServer(["--trouble", "redirect:http://127.0.0.1:9/x"])
    let request = try Self.request(server.url)
    var kinds: [ServerFailure.Kind?] = []
    for _ in 0..<200 {
      let client = HTTPClient(connections: 1, key: nil)
      do throws(ServerFailure) {
        _ = try await client.send(request, timeout: 600) { false }
        kinds.append(nil)
      } catch {
        kinds.append(error.kind)
      }
      client.close()
    }
    // The first six are answered.
    #expect(
      kinds == [ServerFailure.Kind?](repeating: nil, count: 6) + [ServerFailure.Kind?](repeating: .refused, count: 194))
    withExtendedLifetime(server) {}
  }
}
