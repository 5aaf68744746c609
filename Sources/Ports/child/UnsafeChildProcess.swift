#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
import ChildProcesses
import Foundation

/// A command as a child in a process group of its own, whose streams never block us.
///
/// ``ProcessStart`` starts it; here it is read with a time limit, written to and ended. One thread uses a child.
final class UnsafeChildProcess {
  /// The result of one wait for the child.
  enum Event {
    /// Bytes of its output.
    case output([UInt8])
    /// Its output was closed.
    case outputClosed
    /// The time is over.
    case timeout
    /// Something else happened: bytes were written, or read from the log.
    case progress
  }

  /// Milliseconds of a wait, after which the caller may think again.
  private static let longestWait = 100.0

  private let process: pid_t
  private var input: Descriptor?
  private var output: Descriptor?
  private var log: Descriptor?
  private var hasEnded = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var tail = LogTail()

  /// Starts `/bin/sh -c COMMAND`.
  ///
  /// - Throws: ``PortFailure/Kind/notStarted`` where the system has no process or pipe left.
  init(command: String) throws(PortFailure) {
    let start = ProcessStart(
      path: "/bin/sh", arguments: ["-c", command], environment: ProcessInfo.processInfo.environment)
    do {
      let (input, output, log) = (try Descriptor.pipe(), try Descriptor.pipe(), try Descriptor.pipe())
      process = try start.start(input: input.read.number, output: output.write.number, error: log.write.number)
      (self.input, self.output, self.log) = (input.write, output.read, log.read)
    } catch {
      throw PortFailure(.notStarted, "the system cannot start a process: \(error)")
    }
    for descriptor in [input, output, log] {
      guard let number = descriptor?.number else { continue }
      _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }
  }

  deinit { end(afterSeconds: 0) }

  /// The end of what the child wrote to stderr.
  var logTail: String { tail.text }

  /// Waits for output, for room for `unsent`, or for the end of the time; takes what was written off `unsent`.
  func wait(sending unsent: inout ArraySlice<UInt8>, until deadline: ContinuousClock.Instant) -> Event {
    let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
    if left <= 0 { return .timeout }
    var events = [
      pollfd(fd: output?.number ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: log?.number ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: unsent.isEmpty ? -1 : input?.number ?? -1, events: Int16(POLLOUT), revents: 0),
    ]
    let ready = poll(&events, nfds_t(events.count), Int32(min(left.rounded(.up), Self.longestWait)))
    guard ready > 0 else { return .progress }
    if events[1].revents != 0 { readLog() }
    if events[2].revents != 0 { send(&unsent) }
    guard events[0].revents != 0, let output else { return .progress }
    let count = output.read(into: &buffer)
    if count > 0 { return .output(Array(buffer[..<count])) }
    return count < 0 && errno == EAGAIN ? .progress : .outputClosed
  }

  private func readLog() {
    guard let log else { return }
    let count = log.read(into: &buffer)
    if count > 0 { return tail.append(buffer[..<count]) }
    // A closed log would be ready for ever.
    if count == 0 || errno != EAGAIN { self.log = nil }
  }

  /// Writes as much as fits; to a child that is gone nothing does.
  ///
  /// The signal of a broken pipe is held back and taken away again: it must not end us.
  private func send(_ unsent: inout ArraySlice<UInt8>) {
    guard let input else { return }
    var broken = sigset_t()
    var before = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &broken, &before)
    let count = unsent.withUnsafeBytes { write(input.number, $0.baseAddress, $0.count) }
    if count < 0, errno == EPIPE {
      var pending = sigset_t()
      sigpending(&pending)
      var signal: Int32 = 0
      if sigismember(&pending, SIGPIPE) == 1 { sigwait(&broken, &signal) }
      // What cannot be sent is dropped: the closed output says what happened.
      unsent = []
    } else if count > 0 {
      unsent = unsent.dropFirst(count)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Ends the child and all that it started, and reads the rest of its log.
  ///
  /// - Parameter afterSeconds: how long the child may take to end by itself once its input is closed.
  /// - Returns: how it ended, in words.
  @discardableResult
  func end(afterSeconds seconds: Double) -> String {
    guard !hasEnded else { return "ended" }
    hasEnded = true
    input = nil
    var isKilled = false
    if !hasExited(within: seconds) {
      isKilled = true
      kill(-process, SIGTERM)
      _ = hasExited(within: 0.3)
    }
    // Whatever it started goes too; its group exists as long as it was not waited for.
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    for _ in 0..<256 {
      guard let count = log?.read(into: &buffer), count > 0 else { break }
      tail.append(buffer[..<count])
    }
    (output, log) = (nil, nil)
    if isKilled { return "was ended" }
    return status & 0x7F == 0
      ? "ended with status \((status >> 8) & 0xFF)" : "was ended by signal \(status & 0x7F)"
  }

  /// Whether the child ends within a time; it stays to be waited for.
  private func hasExited(within seconds: Double) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      var info = siginfo_t()
      if waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD { return true }
      if ContinuousClock.now >= deadline { return false }
      // A child that still writes to its log must not wait for us.
      readLog()
      usleep(2000)
    }
  }
}

/// The last bytes of a log.
struct LogTail: Sendable {
  /// Bytes that are kept.
  static let limit = 4096
  private var bytes: [UInt8] = []

  /// Adds bytes.
  mutating func append(_ more: ArraySlice<UInt8>) {
    bytes.append(contentsOf: more)
    if bytes.count > 4 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
  }

  /// The last bytes as text, from the start of a line where there is one.
  var text: String {
    var last = bytes.suffix(Self.limit)
    if last.count < bytes.count, let end = last.firstIndex(of: UInt8(ascii: "\n")) { last = last[(end + 1)...] }
    return String(decoding: last, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
