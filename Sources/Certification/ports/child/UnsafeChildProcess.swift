#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
import Foundation
import Synchronization

/// A command as a child in a process group of its own, whose streams never block us.
///
/// `Foundation.Process` gives neither a process group, which is needed to end a shell with all that it started, nor
/// reads with a time limit; so the system's own calls are made here, and nowhere else. One thread uses a child.
final class UnsafeChildProcess {
  /// What one wait for the child showed.
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
  private var input: Int32
  private let output: Int32
  private var log: Int32
  private var hasEnded = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var tail = LogTail()

  /// One child is started at a time: another would inherit a pipe before it is marked as ours.
  private static let starting = Mutex(())

  /// Starts `/bin/sh -c COMMAND`.
  ///
  /// - Throws: ``PortFailure/Kind/notStarted`` where the system has no process or pipe left.
  convenience init(command: String) throws(PortFailure) {
    self.init(started: try Self.starting.withLock { _ throws(PortFailure) in try Self.start(command) })
  }

  /// A process that runs, and our ends of its streams.
  private struct Started {
    var process: pid_t
    var input: Int32
    var output: Int32
    var log: Int32
  }

  private init(started: Started) {
    process = started.process
    (input, output, log) = (started.input, started.output, started.log)
    for descriptor in [input, output, log] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  private static func start(_ command: String) throws(PortFailure) -> Started {
    var pipes: [(read: Int32, write: Int32)] = []
    func fail(_ call: String, _ code: Int32) -> PortFailure {
      for pipe in pipes { _ = (close(pipe.read), close(pipe.write)) }
      return PortFailure(.notStarted, "the system cannot start a process: \(call): \(String(cString: strerror(code)))")
    }
    for _ in 0..<3 {
      guard let pipe = makePipe() else { throw fail("pipe", errno) }
      pipes.append(pipe)
    }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, pipes[0].read, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1].write, 1)
    posix_spawn_file_actions_adddup2(&actions, pipes[2].write, 2)
    // A group of its own: Ctrl-C at the terminal is ours to answer, and the group can be ended as a whole.
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var arguments: [UnsafeMutablePointer<CChar>?] =
      ["/bin/sh", "-c", command].map { (text: String) in strdup(text) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] =
      ProcessInfo.processInfo.environment.map { key, value in strdup("\(key)=\(value)") } + [nil]
    defer {
      for text in arguments { free(text) }
      for text in environment { free(text) }
    }
    var process: pid_t = 0
    let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, &environment)
    guard code == 0 else { throw fail("posix_spawn", code) }
    _ = (close(pipes[0].read), close(pipes[1].write), close(pipes[2].write))
    return Started(process: process, input: pipes[0].write, output: pipes[1].read, log: pipes[2].read)
  }

  deinit { end(afterSeconds: 0) }

  /// A pipe that other children do not inherit.
  private static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// The end of what the child wrote to stderr.
  var logTail: String { tail.text }

  /// Waits for output, for room for `unsent`, or for the end of the time; takes what was written off `unsent`.
  func wait(sending unsent: inout ArraySlice<UInt8>, until deadline: ContinuousClock.Instant) -> Event {
    let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
    if left <= 0 { return .timeout }
    var events = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: log, events: Int16(POLLIN), revents: 0),
      pollfd(fd: unsent.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
    ]
    let ready = poll(&events, nfds_t(events.count), Int32(min(left.rounded(.up), Self.longestWait)))
    guard ready > 0 else { return .progress }
    if events[1].revents != 0 { readLog() }
    if events[2].revents != 0 { send(&unsent) }
    guard events[0].revents != 0 else { return .progress }
    let count = read(output, &buffer, buffer.count)
    if count > 0 { return .output(Array(buffer[..<count])) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .progress : .outputClosed
  }

  private func readLog() {
    let count = read(log, &buffer, buffer.count)
    if count > 0 { return tail.append(buffer[..<count]) }
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    // A closed log would be ready for ever.
    close(log)
    log = -1
  }

  /// Writes as much as fits; to a child that is gone nothing does.
  ///
  /// The signal of a broken pipe is held back and taken away again: it must not end us.
  private func send(_ unsent: inout ArraySlice<UInt8>) {
    var broken = sigset_t()
    var before = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &broken, &before)
    let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
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
    close(input)
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
    for _ in 0..<256 where log >= 0 {
      let count = read(log, &buffer, buffer.count)
      if count <= 0 { break }
      tail.append(buffer[..<count])
    }
    close(output)
    if log >= 0 { close(log) }
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
      if log >= 0 { readLog() }
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
