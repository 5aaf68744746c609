import Certification
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// HTTP as a certification needs it: bounded answers, a limit on the time of each, no redirects, no cookies, no cache.
///
/// A redirect is never followed: a POST would become a GET on the way, and a key must not follow to another host.
final class HTTPClient: Sendable {
  struct Answer: Sendable {
    var status: Int
    var body: Data
    /// The header `Retry-After`.
    var retryAfter: String?
  }

  /// The largest body that is read; a longer one ends the transfer.
  static let largestBody = 4 << 20

  private let transfers: Transfers
  private let session: URLSession

  /// A client with as many connections to a host at once.
  ///
  /// - Parameter key: what no failure's reason shows, wherever it is cut.
  init(connections: Int, key: ServerKey?) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = max(1, connections)
    configuration.httpShouldSetCookies = false
    configuration.httpCookieAcceptPolicy = .never
    configuration.urlCache = nil
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    transfers = Transfers(key)
    session = URLSession(configuration: configuration, delegate: transfers, delegateQueue: nil)
  }

  /// Lets the session go, which would live on with its delegate.
  func close() { session.invalidateAndCancel() }

  /// Sends a request and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - timeout: seconds for all of it.
  ///   - isEnded: asked twenty times a second; once true, the transfer is given up.
  /// - Throws: ``ServerFailure``; a status is no failure here.
  func send(
    _ request: URLRequest, timeout: Double, isEnded: @escaping @Sendable () -> Bool
  ) async throws(ServerFailure) -> Answer {
    var request = request
    // The limit below is the one that counts; that of the session knows of pauses only.
    request.timeoutInterval = timeout + 5
    let task = session.dataTask(with: request)
    let transfers = transfers
    let clock = Task {
      let deadline = ContinuousClock.now + .seconds(timeout)
      // A transfer that has not begun yet is ended in the next round.
      while !Task.isCancelled {
        if ContinuousClock.now >= deadline {
          let late = ServerFailure(.timedOut, "gave no answer in \(Self.text(timeout)) s (--timeout)")
          if transfers.fail(task, late) { return }
        } else if isEnded() {
          if transfers.fail(task, ServerFailure(.ended, "the run was ended")) { return }
        }
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
    defer { clock.cancel() }
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Answer, ServerFailure>, Never>) in
      transfers.begin(task.taskIdentifier, continuation)
      task.resume()
    }
    return try result.get()
  }

  static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() && seconds < 1e15 ? "\(Int(seconds))" : "\(seconds)"
  }
}

/// The transfers that are under way, by the numbers of their tasks.
private final class Transfers: NSObject, URLSessionDataDelegate, Sendable {
  private struct Transfer {
    var continuation: CheckedContinuation<Result<HTTPClient.Answer, ServerFailure>, Never>
    var body = Data()
  }

  private let key: ServerKey?
  private let running = Mutex<[Int: Transfer]>([:])

  init(_ key: ServerKey?) { self.key = key }

  func begin(_ task: Int, _ continuation: CheckedContinuation<Result<HTTPClient.Answer, ServerFailure>, Never>) {
    running.withLock { $0[task] = Transfer(continuation: continuation) }
  }

  /// Takes a transfer out of those that run: one caller has it, and ends it.
  private func take(_ task: URLSessionTask) -> Transfer? {
    running.withLock { $0.removeValue(forKey: task.taskIdentifier) }
  }

  /// Ends a transfer with a reason; false where it has ended, or has not begun.
  @discardableResult
  func fail(_ task: URLSessionTask, _ failure: ServerFailure) -> Bool {
    guard let transfer = take(task) else { return false }
    task.cancel()
    transfer.continuation.resume(returning: .failure(failure))
    return true
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let identifier = dataTask.taskIdentifier
    let isTooLarge = running.withLock { running in
      // A task whose transfer has ended goes on for a moment.
      guard let size = running[identifier]?.body.count else { return false }
      if size + data.count > HTTPClient.largestBody { return true }
      running[identifier]?.body.append(data)
      return false
    }
    if isTooLarge {
      let limit = HTTPClient.largestBody >> 20
      fail(dataTask, ServerFailure(.wrongAnswer, "answers with more than \(limit) MiB"))
    }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    // swift-corelibs-foundation ends the program where the handler is called for a task that was cancelled: not after
    // another has taken the transfer, and before its caller goes on, who may be the last and end the session.
    guard let transfer = take(task) else { return }
    completionHandler(nil)
    let place = request.url.map { shown($0.absoluteString) } ?? "nowhere"
    transfer.continuation.resume(
      returning: .failure(
        ServerFailure(
          .refused, "redirects (\(response.statusCode)) to \(place); redirects are not followed, give the URL itself")))
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    guard let transfer = take(task) else { return }
    if let error {
      let reason = (error as? URLError).map { self.reason($0) } ?? "the connection failed"
      transfer.continuation.resume(returning: .failure(ServerFailure(.unreachable, reason)))
    } else if let response = task.response as? HTTPURLResponse {
      transfer.continuation.resume(
        returning: .success(
          HTTPClient.Answer(
            status: response.statusCode, body: transfer.body,
            retryAfter: response.value(forHTTPHeaderField: "Retry-After"))))
    } else {
      transfer.continuation.resume(returning: .failure(ServerFailure(.wrongAnswer, "does not speak HTTP")))
    }
  }

  /// A text from outside in a line's room; the key goes first, because of one that is cut a part would be left.
  private func shown(_ text: String) -> String { OutsideText.shown(key?.redacted(text) ?? text) }

  private func reason(_ error: URLError) -> String {
    switch error.code {
    case .cannotConnectToHost: "cannot be reached; is the server running there?"
    case .cannotFindHost, .dnsLookupFailed: "has a host that is not known; is the URL right?"
    case .timedOut: "gave no answer in time"
    case .networkConnectionLost: "the connection was lost"
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateNotYetValid, .serverCertificateHasUnknownRoot:
      "has no certificate that this machine trusts"
    default: "the connection failed (\(shown(error.localizedDescription)))"
    }
  }
}
