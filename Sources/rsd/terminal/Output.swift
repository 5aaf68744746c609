import Foundation
import Synchronization

/// Standard output, line by line: a reader at the other end of a pipe sees each row as soon as it is known.
enum Output {
  /// The consequence for a command whose output cannot be written, the strongest that was asked for.
  enum Aftermath: Int {
    /// It ends at once: nothing else would be left of it.
    case ends
    /// It asks ``isLost``, and ends what it started.
    case stops
    /// It goes on: files are still to be written.
    case goesOn
  }

  private static let failure = Atomic(Int32(0))
  private static let aftermath = Atomic(Aftermath.ends.rawValue)

  /// Whether something could not be written.
  static var hasFailed: Bool { failure.load(ordering: .relaxed) != 0 }

  /// Whether something could not be written, and nothing else would be left of the work.
  static var isLost: Bool { hasFailed && aftermath.load(ordering: .relaxed) < Aftermath.goesOn.rawValue }

  /// Says what a failure is to do from here on.
  static func atFailure(_ wanted: Aftermath) { aftermath.max(wanted.rawValue, ordering: .relaxed) }

  static func line(_ text: String) { write(Data("\(text)\n".utf8)) }

  /// Writes, unless it failed before: the text would have a hole in it.
  static func write(_ data: Data) {
    guard !hasFailed else { return }
    do {
      try FileDescriptor.write(data, to: STDOUT_FILENO)
    } catch {
      failure.store(error.code, ordering: .relaxed)
      if aftermath.load(ordering: .relaxed) == Aftermath.ends.rawValue { endIfFailed() }
    }
  }

  /// Ends the program where something could not be written: as a broken pipe ends others, or with a line and 73.
  static func endIfFailed() {
    guard hasFailed else { return }
    if failure.load(ordering: .relaxed) == EPIPE { StandardStreams.endAtBrokenPipe() }
    StandardError.line("standard output cannot be written; is the disk full, or was it closed?")
    // Not `exit`: threads may be at work, and nothing is buffered.
    _exit(ExitStatus.cannotWrite.rawValue)
  }
}
