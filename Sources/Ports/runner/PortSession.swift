import Foundation
import JSONText
import ToyModels

/// One child of a port's command at a time: started where there is none, asked, ended after a failure.
///
/// A worker's own; not shared.
final class PortSession {
  private let command: PortCommand
  private let timeout: Double
  private var connection: PortConnection?
  private var nextID = 1
  /// The port's first description of itself; it must give the same after a restart.
  private(set) var hello: PortHello?
  /// Seconds that were spent waiting for the port.
  private(set) var portSeconds = 0.0

  private let isInterrupted: @Sendable () -> Bool

  /// A session before its first child.
  ///
  /// - Parameter hello: what the port said before; every child must say the same.
  init(
    command: PortCommand, timeout: Double, hello: PortHello? = nil,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.command, self.timeout, self.hello, self.isInterrupted) = (command, timeout, hello, isInterrupted)
  }

  /// Starts the port unless it runs; returns its hello.
  @discardableResult
  func start() throws(PortFailure) -> PortHello {
    if connection != nil, let hello { return hello }
    let connection = try PortConnection(command: command.text, isInterrupted: isInterrupted)
    let line: [UInt8]
    do throws(PortFailure) {
      line = try timed { () throws(PortFailure) in
        try connection.exchange(
          "{\"op\":\"hello\",\"protocol\":\"\(PortProtocol.version)\"}", limit: PortConnection.plainLimit,
          within: timeout)
      }
    } catch {
      throw PortFailure(.notStarted, "no hello: \(error.reason)", log: error.log)
    }
    let said: PortHello
    do {
      try JSON.check(line)
      said = try JSONDecoder().decode(PortHello.self, from: Data(line))
    } catch {
      let reason = (error as? DecodingError).map(ModelDocument.explanation(of:)) ?? "\(error)"
      throw connection.fail(
        .notStarted,
        "its first line is no hello, and stdout is for answers alone (\(reason)): \(PortAnswer.excerpt(line))")
    }
    if let problem = said.problem { throw connection.fail(.notStarted, "the hello is wrong: \(problem)") }
    if let hello, hello != said { throw connection.fail(.notStarted, "the port says another hello than before") }
    hello = said
    self.connection = connection
    return said
  }

  /// Asks one question, whose text is made for the request's id.
  ///
  /// - Throws: ``PortFailure``, after which the next question finds a new child.
  func ask(limit: Int, _ text: (Int) -> String) throws(PortFailure) -> PortAnswer {
    try start()
    guard let connection else { throw PortFailure(.notStarted, "the port is not running") }
    let id = nextID
    nextID += 1
    do throws(PortFailure) {
      let line = try timed { () throws(PortFailure) in
        try connection.exchange(text(id), limit: limit, within: timeout)
      }
      let answer = try PortAnswer(line: line)
      guard answer.id == id else {
        throw PortFailure(
          .wrongID, "the answer has the id \(answer.id.map(String.init) ?? "null"), the request had \(id)")
      }
      return answer
    } catch {
      throw abandon(error)
    }
  }

  /// Ends the child after a wrong answer: what it will say next cannot be trusted.
  func abandon(_ failure: PortFailure) -> PortFailure {
    guard let connection else { return failure }
    self.connection = nil
    let ended = connection.fail(failure.kind, failure.reason)
    return failure.log.isEmpty ? ended : failure
  }

  /// Lets the child end.
  func end() {
    connection?.close()
    connection = nil
  }

  private func timed<Value>(_ body: () throws(PortFailure) -> Value) throws(PortFailure) -> Value {
    let start = ContinuousClock.now
    defer { portSeconds += start.duration(to: .now) / .seconds(1) }
    return try body()
  }
}
