#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
import Synchronization

/// A program as a child in a process group of its own, by `posix_spawn`.
///
/// `Foundation.Process` gives no process group, without which a shell cannot be ended with all that it started, and
/// keeps descriptors. The child has the three streams that it is given and no other descriptor of ours; no signal is
/// blocked, ignored or handled in it.
package struct ProcessStart: Hashable, Sendable {
  /// The path of the program.
  package var path: String
  /// Its arguments, without its name.
  package var arguments: [String]
  /// All of its environment.
  package var environment: [String: String]
  /// The folder that it works in; `nil` for ours.
  package var folder: String?

  /// A program, its arguments, its environment and its folder.
  package init(path: String, arguments: [String], environment: [String: String], folder: String? = nil) {
    (self.path, self.arguments, self.environment, self.folder) = (path, arguments, environment, folder)
  }

  /// One child is started at a time: another would inherit a descriptor before it is marked as ours.
  private static let starting = Mutex(())

  /// The system's call knows folders in its newest releases only; a shell changes to it, and becomes the program.
  private var command: [String] {
    guard let folder else { return [path] + arguments }
    return ["/bin/sh", "-c", #"cd -- "$0" && exec "$@""#, folder, path] + arguments
  }

  /// Opens descriptors while no child is started, which would inherit them before they are marked as ours.
  package static func whileNoneStarts<Value: Sendable, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try starting.withLock { _ throws(Failure) in try body() }
  }

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - input: the descriptor that becomes the child's standard input; like the others it stays the caller's.
  ///   - output: the one that becomes its standard output.
  ///   - error: the one that becomes its standard error.
  /// - Returns: the child, which is also its group's number; the caller waits for it.
  /// - Throws: ``SystemCallError`` where there is no such program, or the system has no process left. Where a folder
  ///   was given, a program or a folder that cannot be used is told by the child's status, as by a shell's.
  package func start(input: Int32, output: Int32, error: Int32) throws(SystemCallError) -> pid_t {
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
    for (target, source) in [input, output, error].enumerated() {
      posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
    }
    // A group of its own: Ctrl-C at the terminal is ours to answer, and the group can be ended as a whole.
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    for signal in [SIGKILL, SIGSTOP] { sigdelset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var words: [UnsafeMutablePointer<CChar>?] = command.map { (text: String) in strdup(text) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { key, value in strdup("\(key)=\(value)") } + [nil]
    defer {
      for text in words { free(text) }
      for text in variables { free(text) }
    }
    var process: pid_t = 0
    let code = Self.whileNoneStarts {
      posix_spawn(&process, command[0], &actions, &attributes, &words, &variables)
    }
    guard code == 0 else { throw SystemCallError("posix_spawn", code) }
    return process
  }
}
