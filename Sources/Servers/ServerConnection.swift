import Certification
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How requests are made: how many at once, how fast, how often again.
package struct ServerTransport: Sendable {
  /// Requests at once; at least 1.
  package var workers: Int
  /// Seconds for an answer.
  package var timeout: Double
  /// Requests a second at most; `nil` for as many as there are answers.
  package var rate: Double?
  /// How often a request is repeated that found the server busy, silent or gone.
  package var retries: Int
  /// The key to send; `nil` for none.
  package var key: ServerKey?

  /// A way to make requests.
  package init(
    workers: Int = 1, timeout: Double = 60, rate: Double? = nil, retries: Int = defaultRetries, key: ServerKey? = nil
  ) {
    (self.workers, self.timeout, self.rate, self.retries, self.key) = (workers, timeout, rate, retries, key)
  }

  /// Waits of ½, 1, 2, 4, 8 and 16 s between seven attempts.
  package static let defaultRetries = 6
  /// The longest wait before a request is repeated, whatever the server asks for.
  static let longestWait = 300.0

  /// Seconds before a request is repeated: doubled each time, or what the server asks for.
  ///
  /// Without jitter: a run is one client, and equal runs are to go alike.
  static func wait(afterAttempt attempt: Int, retryAfter: Double?) -> Double {
    min(longestWait, retryAfter ?? min(30, 0.5 * Double(1 << min(attempt, 16))))
  }

  /// The seconds of a header `Retry-After`, a number or a date (RFC 9110, section 10.2.3).
  static func seconds(retryAfter text: String?, now: Date = Date()) -> Double? {
    guard let text = text?.trimmingCharacters(in: .whitespaces) else { return nil }
    if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    return formatter.date(from: text).map { max(0, $0.timeIntervalSince(now)) }
  }
}

/// Requests to servers, with everything that keeps them civil.
final class ServerConnection: Sendable {
  let transport: ServerTransport
  private let client: HTTPClient
  private let isEnded: @Sendable () -> Bool
  private let nextStart = Mutex(ContinuousClock.now)
  private let counts = Mutex((requests: 0, retries: 0))

  /// - Parameter isEnded: asked while waiting; once true, nothing more is sent.
  init(_ transport: ServerTransport, isEnded: @escaping @Sendable () -> Bool) {
    self.transport = transport
    self.isEnded = isEnded
    client = HTTPClient(connections: transport.workers, key: transport.key)
  }

  func close() { client.close() }

  /// Requests that were sent, and those of them that repeated one.
  var sent: (requests: Int, retries: Int) { counts.withLock { $0 } }

  /// The answer's body, after as many attempts as it takes.
  ///
  /// - Throws: ``ServerFailure``, whose reason begins with the address.
  func body(_ address: ServerAddress, _ path: String, post: Data?) async throws(ServerFailure) -> Data {
    if let key = transport.key { try key.requirePrivate(address) }
    var request = URLRequest(url: try address.url(path))
    if let post {
      request.httpMethod = "POST"
      request.httpBody = post
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    request.setValue("application/json", forHTTPHeaderField: "Accept")
    if let key = transport.key { request.setValue(key.authorization, forHTTPHeaderField: "Authorization") }
    var attempt = 0
    while true {
      do throws(ServerFailure) {
        try await waitForTurn()
        counts.withLock { $0 = ($0.requests + 1, $0.retries + (attempt > 0 ? 1 : 0)) }
        return try checked(try await client.send(request, timeout: transport.timeout, isEnded: isEnded))
      } catch {
        guard error.isTransient, attempt < transport.retries else {
          let again = attempt > 0 ? " (\(attempt + 1) attempts)" : ""
          throw ServerFailure(error.kind, "\(address.text)\(path) \(redacted(error.reason))\(again)")
        }
        try await pause(ServerTransport.wait(afterAttempt: attempt, retryAfter: error.retryAfter))
        attempt += 1
      }
    }
  }

  func redacted(_ text: String) -> String { transport.key?.redacted(text) ?? text }

  private func checked(_ answer: HTTPClient.Answer) throws(ServerFailure) -> Data {
    if answer.status == 200 { return answer.body }
    let said = redacted(message(answer.body))
    let words = "answers \(answer.status)\(said.isEmpty ? "" : ": \(OutsideText.shown(said))")"
    switch answer.status {
    case 429, 500...599:
      throw ServerFailure(
        .busy, words, retryAfter: ServerTransport.seconds(retryAfter: answer.retryAfter))
    case 401, 403:
      let how = transport.key.map { "is the key in \($0.variable) right?" } ?? "give its key in RSD_API_KEY"
      throw ServerFailure(.refused, "\(words); \(how)")
    case 400, 422:
      throw ServerFailure(
        .refused, "\(words); a field that it does not take is left out by --fields '{\"min_p\": null}'")
    default: throw ServerFailure(.refused, words)
    }
  }

  /// The message in an error's body: OpenAI's `error.message`, FastAPI's `detail`, or its first line.
  private func message(_ body: Data) -> String {
    if let object = try? Completion.object(body, redacted: redacted) {
      if let error = object["error"] as? [String: Any], let message = error["message"] as? String { return message }
      if let message = (object["error"] ?? object["message"]) as? String { return message }
      if let detail = object["detail"] {
        if let text = detail as? String { return text }
        if let data = try? JSONSerialization.data(withJSONObject: detail, options: [.sortedKeys, .fragmentsAllowed]) {
          return String(decoding: data, as: UTF8.self)
        }
      }
    }
    // The key goes first: of one that is cut a part would be left.
    let text = redacted(String(decoding: body, as: UTF8.self)).prefix(400)
    return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
  }

  /// Takes the next start that the rate allows, and waits for it.
  private func waitForTurn() async throws(ServerFailure) {
    guard let rate = transport.rate else { return }
    let start = nextStart.withLock { next in
      let start = max(next, .now)
      next = start + .seconds(1 / rate)
      return start
    }
    try await pause(ContinuousClock.now.duration(to: start) / .seconds(1))
  }

  private func pause(_ seconds: Double) async throws(ServerFailure) {
    let end = ContinuousClock.now + .seconds(max(0, seconds))
    while true {
      if isEnded() { throw ServerFailure(.ended, "the run was ended") }
      let left = ContinuousClock.now.duration(to: end)
      if left <= .zero { return }
      try? await Task.sleep(for: min(left, .milliseconds(50)))
    }
  }
}

extension ServerConnection {
  /// The names of the models that a server has.
  ///
  /// - Throws: ``ServerFailure`` where it is no such server.
  func models(_ address: ServerAddress) async throws(ServerFailure) -> [String] {
    let body = try await body(address, "/v1/models", post: nil)
    let object: [String: Any]
    do throws(ServerFailure) {
      object = try Completion.object(body, redacted: redacted)
    } catch {
      throw ServerFailure(
        .wrongAnswer, "\(address.text)/v1/models \(redacted(error.reason)); is it an OpenAI-compatible server?")
    }
    let names = (object["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String } ?? []
    guard !names.isEmpty, names.allSatisfy({ $0.utf8.count <= 4096 }) else {
      throw ServerFailure(
        .wrongAnswer, "\(address.text)/v1/models lists no model; is it an OpenAI-compatible server?")
    }
    return names.map(redacted)
  }

  /// The model to ask for: the one that is named, or the only one that the server has.
  ///
  /// - Throws: ``ServerFailure`` where it is no such server, or has several models.
  func model(_ address: ServerAddress, named name: String?) async throws(ServerFailure) -> String {
    let names = try await models(address)
    if let name { return name }
    guard names.count == 1 else {
      let list = names.prefix(8).map { OutsideText.shown($0) }.joined(separator: ", ")
      throw ServerFailure(.settings, "\(address.text) has \(names.count) models; choose one by --model-name: \(list)")
    }
    return names[0]
  }
}
