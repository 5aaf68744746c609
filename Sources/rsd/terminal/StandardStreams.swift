import Foundation
import Synchronization

/// Standard input, output and error, as this program finds and keeps them.
enum StandardStreams {
  /// Whether a pipe without a reader ended the program that started this one: systemd and some others ignore the signal.
  private static let endsAtBrokenPipe = Atomic(false)

  /// Descriptors that were open when the program began, of those up to this number; empty before ``prepare()``.
  private static let inherited = Mutex<Set<Int32>>([])
  private static let mostInherited: Int32 = 1024

  /// Whether a descriptor is one that whoever started the program gave it, and not one of its own.
  static func wasGiven(_ descriptor: Int32) -> Bool {
    inherited.withLock { $0.isEmpty || $0.contains(descriptor) } || descriptor >= mostInherited
  }

  /// Takes the streams over, before anything is read, written or opened.
  ///
  /// A stream that is closed would be the next file that is opened, which messages were then written into. In its place
  /// comes the null device, open for the other direction, so that its use still fails. SIGPIPE is ignored: a reader that
  /// goes away may not take a certificate with it.
  static func prepare() {
    // Later there are the runtime's, whose numbers a person may name without knowing it.
    let given = (0..<mostInherited).filter { fcntl($0, F_GETFD) >= 0 }
    inherited.withLock { $0 = Set(given).union([STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]) }
    for (descriptor, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where FileDescriptor.status(of: descriptor) == nil {
      _ = open("/dev/null", flags)
    }
    var action = sigaction()
    if sigaction(SIGPIPE, nil, &action) == 0 {
      #if os(Linux)
        let handler = action.__sigaction_handler.sa_handler
      #else
        let handler = action.__sigaction_u.__sa_handler
      #endif
      endsAtBrokenPipe.store(handler == nil, ordering: .relaxed)
    }
    signal(SIGPIPE, SIG_IGN)
    // A limit on the size of files is an error of writing like a full disk.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Ends the program as SIGPIPE ends one that does nothing about it, where that is how it was started.
  static func endAtBrokenPipe() {
    guard endsAtBrokenPipe.load(ordering: .relaxed) else { return }
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
  }
}

/// Standard error: whether it can be written changes nothing else, least of all the exit status.
enum StandardError {
  private static let takesLineAway = Atomic(false)

  /// A line for a person; `rsd:` before it says whose it is.
  static func line(_ text: some CustomStringConvertible) { write("rsd: \(text)\n") }

  /// Writes; a progress line that stands there is taken away first.
  static func write(_ text: String) {
    if takesLineAway.exchange(false, ordering: .relaxed) { put(ProgressLine.away) }
    put(text)
  }

  /// Shows a progress line, which whatever is written next takes away; `nil` takes it away now.
  static func show(progress: String?) {
    if let progress {
      takesLineAway.store(true, ordering: .relaxed)
      put(progress)
    } else {
      write("")
    }
  }

  private static func put(_ text: String) {
    if !text.isEmpty { try? FileDescriptor.write(Data(text.utf8), to: STDERR_FILENO) }
  }
}
