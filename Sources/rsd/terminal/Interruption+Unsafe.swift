import Foundation
import Synchronization

extension Interruption {
  /// How long work that has nothing to save may take to say so, in microseconds.
  private static let patience = 600_000

  #if canImport(Glibc)
    private static let realTime = __itimer_which_t(ITIMER_REAL.rawValue)
  #else
    private static let realTime = ITIMER_REAL
  #endif

  /// Takes the signals over, also where whoever started the process had them blocked or ignored.
  ///
  /// A handler may touch lock-free counters, make system calls, and do little else.
  static func takeOver() {
    // What is lazy is made before a handler needs it.
    _ = (
      isRequested, answer.load(ordering: .relaxed), patience, realTime, Terminal.errorShowsProgress, Terminal.hasUTF8
    )
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGALRM] { sigaddset(&signals, number) }
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        let count = Interruption.requests.wrappingAdd(1, ordering: .relaxed).newValue
        if count > 1 { _exit(ExitStatus.interrupted.rawValue) }
        switch Answer(rawValue: Interruption.answer.load(ordering: .relaxed)) {
        case .asks: return
        case .asksForAWhile:
          var timer = itimerval()
          timer.it_value.tv_usec = numericCast(Interruption.patience)
          setitimer(Interruption.realTime, &timer, nil)
        default: Interruption.end()
        }
      }
    }
    signal(SIGALRM) { _ in Interruption.end() }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Lets the signals do what they do to any process; whoever started it is told by which it ended.
  static func leave() { for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) } }

  /// Says so on stderr, where a progress line is taken away first, and ends.
  private static func end() -> Never {
    if Terminal.errorShowsProgress { write(Terminal.hasUTF8 ? "\r\u{1B}[K" : "\n") }
    write("rsd: interrupted\n")
    _exit(ExitStatus.interrupted.rawValue)
  }

  private static func write(_ text: StaticString) {
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
