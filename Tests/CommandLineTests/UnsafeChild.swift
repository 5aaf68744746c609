import ChildProcesses
import Foundation
import Synchronization
import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A child of the tests in a process group of its own, which is killed with the child, and with its last reference.
final class Child: Sendable {
  /// Where a stream comes from, or goes.
  enum Stream: Sendable {
    /// An open file, a pipe or a terminal.
    case handle(FileHandle)
    /// A file that is opened when the child starts: children that wait for their turn are many, and open nothing.
    case file(URL)
  }

  private struct State {
    var input: Stream?
    var output: Stream?
    var error: Stream?
    /// The process, while its number is its own: until it has been waited for.
    var process: pid_t?
    var status: Int32?
  }

  private let start: ProcessStart
  private let state = Mutex(State())

  /// A program that is ready to run; each stream is /dev/null until it is set.
  init(path: String, arguments: [String], environment: [String: String], folder: String? = nil) {
    start = ProcessStart(
      path: path, arguments: arguments, environment: environment.merging(TestRun.mark) { $1 }, folder: folder)
  }

  deinit {
    kill()
    _ = waitUntilExit()
  }

  /// What the child reads; set before it runs, like the other two.
  var standardInput: Stream? {
    get { state.withLock { $0.input } }
    set { state.withLock { $0.input = newValue } }
  }

  /// Where its output goes.
  var standardOutput: Stream? {
    get { state.withLock { $0.output } }
    set { state.withLock { $0.output = newValue } }
  }

  /// Where its errors go.
  var standardError: Stream? {
    get { state.withLock { $0.error } }
    set { state.withLock { $0.error = newValue } }
  }

  /// The number of the process while it was not waited for, 0 otherwise.
  var processIdentifier: Int32 { state.withLock { $0.process ?? 0 } }

  /// Whether it was started and has not been waited for.
  var isRunning: Bool { processIdentifier != 0 }

  /// Starts the child; its streams are let go of, so that it alone has them.
  ///
  /// - Throws: ``SystemCallError``.
  func run() throws {
    let null = try Descriptor(path: "/dev/null", O_RDWR)
    try state.withLock { state in
      precondition(state.process == nil && state.status == nil, "a child runs once")
      var opened: [Descriptor] = []
      func number(_ stream: Stream?, _ flags: Int32) throws -> Int32 {
        switch stream {
        case nil: return null.number
        case .handle(let handle): return handle.fileDescriptor
        case .file(let file):
          let descriptor = try Descriptor(path: file.path, flags)
          opened.append(descriptor)
          return descriptor.number
        }
      }
      let (input, output) = (try number(state.input, O_RDONLY), try number(state.output, O_WRONLY))
      state.process = try start.start(input: input, output: output, error: try number(state.error, O_WRONLY))
      withExtendedLifetime(opened) {}
      (state.input, state.output, state.error) = (nil, nil, nil)
    }
  }

  /// Ctrl-C.
  func interrupt() { signal(SIGINT) }

  /// SIGTERM.
  func terminate() { signal(SIGTERM) }

  /// Sends a signal to the child alone, unless it has been waited for.
  func signal(_ number: Int32) { send(number, toGroup: false) }

  /// Kills the whole group.
  func kill() { send(SIGKILL, toGroup: true) }

  private func send(_ number: Int32, toGroup: Bool) {
    state.withLock { state in
      if let process = state.process { _ = systemKill(toGroup ? -process : process, number) }
    }
  }

  /// Blocks until the child ends, and kills what is left of its group.
  ///
  /// - Returns: its exit status, or as a shell has it 128 and the number of the signal that ended it; -1 for a child
  ///   that never ran.
  func waitUntilExit() -> Int32 {
    let process = processIdentifier
    if process != 0 {
      // Its number stays its own, and so its group's, until it is waited for under the lock.
      var info = siginfo_t()
      while waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    }
    return state.withLock { state in
      if let process = state.process {
        _ = systemKill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        state.status = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        state.process = nil
      }
      return state.status ?? -1
    }
  }
}

/// The system's call, whose name is that of a method here.
private func systemKill(_ process: pid_t, _ number: Int32) -> Int32 { kill(process, number) }
