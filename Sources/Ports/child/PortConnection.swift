import Foundation
import ToyModels

/// JSON Lines over a child's stdin and stdout: one request, one answer, within a time and a size.
///
/// A port is untrusted: whatever it does ends as a ``PortFailure``, after which the child is gone.
final class PortConnection {
  private let child: UnsafeChildProcess
  /// Output that is not yet a whole line.
  private var pending: [UInt8] = []
  private var searched = 0
  /// Asked while the port is waited for: a person who ends the run does not wait for it.
  private let isInterrupted: @Sendable () -> Bool

  /// The longest line of an answer that holds no lists, in bytes.
  static let plainLimit = 1 << 20

  /// Starts a command.
  ///
  /// - Throws: ``PortFailure`` where no process can be started.
  init(
    command: String, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(PortFailure) {
    self.isInterrupted = isInterrupted
    child = try UnsafeChildProcess(command: command)
  }

  /// Sends a line and returns the next line of the child's output.
  ///
  /// - Parameter limit: the most bytes that the answer may have.
  /// - Throws: ``PortFailure``, after which the child is ended.
  func exchange(_ line: String, limit: Int, within seconds: Double) throws(PortFailure) -> [UInt8] {
    let deadline = ContinuousClock.now + .seconds(seconds)
    let request = Array(line.utf8) + [UInt8(ascii: "\n")]
    var unsent = request[...]
    while true {
      if unsent.isEmpty, let answer = try takeLine(limit: limit) { return answer }
      switch child.wait(sending: &unsent, until: deadline) {
      case .output(let bytes): pending.append(contentsOf: bytes)
      case .outputClosed:
        let how = child.end(afterSeconds: 0.5)
        let partial = pending.isEmpty ? "" : ", in the middle of a line"
        throw failure(.died, "the port \(how)\(partial) instead of answering")
      case .timeout:
        throw fail(.timedOut, "the port did not answer within \(Self.text(of: seconds)) (--timeout)")
      case .progress: if isInterrupted() { throw fail(.timedOut, "the run was interrupted before the port answered") }
      }
      // One answer is due: more than it can hold is too much, with line feeds or without.
      if pending.count > limit { throw flooded(limit) }
    }
  }

  private func takeLine(limit: Int) throws(PortFailure) -> [UInt8]? {
    guard let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = pending.count
      return nil
    }
    let line = Array(pending[..<end])
    pending.removeFirst(end + 1)
    searched = 0
    return line
  }

  private func flooded(_ limit: Int) -> PortFailure {
    fail(.flooded, "the port wrote more than \(limit) bytes where one line of an answer was due")
  }

  /// A failure, with the child ended.
  func fail(_ kind: PortFailure.Kind, _ reason: String) -> PortFailure {
    child.end(afterSeconds: 0)
    return failure(kind, reason)
  }

  private func failure(_ kind: PortFailure.Kind, _ reason: String) -> PortFailure {
    PortFailure(kind, reason, log: child.logTail)
  }

  /// Closes the child's input and gives it a moment to end by itself.
  func close() { child.end(afterSeconds: isInterrupted() ? 0 : 0.5) }

  /// "60 s", "0.5 s".
  static func text(of seconds: Double) -> String {
    seconds == seconds.rounded() && seconds < 1e15 ? "\(Int(seconds)) s" : "\(seconds) s"
  }
}
