import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first ends a command that has nothing to save, and asks work that has to end; the second ends
/// the process, whatever it is about.
///
/// A command has nothing to save from its start, while it reads, loads and plans, until it says ``begin()``. From then on
/// its work asks ``isRequested`` several times a second: what runs long takes it as a closure.
enum Interruption {
  /// The effect of the first signal.
  enum Answer: Int {
    /// It ends the process.
    case ends
    /// It asks the work to end.
    case asks
    /// It asks the work to end, and ends the process where that takes too long.
    case asksForAWhile
  }

  /// Signals so far.
  static let requests = Atomic(0)
  /// An ``Answer``.
  static let answer = Atomic(Answer.ends.rawValue)

  /// Whether the work was asked to end.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// From here on there is something to save: the first signal asks the work to end.
  static func begin() { answer.store(Answer.asks.rawValue, ordering: .relaxed) }

  /// From here on a long computation ends where it is asked to, but has nothing to save: where it does not end soon, the
  /// process does.
  static func beginWithNothingToSave() { answer.store(Answer.asksForAWhile.rawValue, ordering: .relaxed) }
}
