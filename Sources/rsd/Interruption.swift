import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a flag that long work asks for: the first asks it to end, the second ends the process.
enum Interruption {
  private static let requests = Atomic(0)

  /// Whether the work was asked to end.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Takes the signals over; a lock-free counter is all that a signal handler may touch.
  static func begin() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.requests.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }
}
