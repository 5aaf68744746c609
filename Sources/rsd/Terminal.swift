import Foundation
import Synchronization

/// What stdout and stderr can show.
enum Terminal {
  static let outputIsTerminal = isatty(FileHandle.standardOutput.fileDescriptor) == 1
  static let errorIsTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1

  /// https://no-color.org: any value but the empty one.
  static let hasColor =
    outputIsTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Characters a line: what COLUMNS says, or the terminal that stdout or stderr is; `nil` where neither is one.
  static let columns: Int? = {
    if let given = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), given > 0 { return given }
    for isTerminal in [(outputIsTerminal, STDOUT_FILENO), (errorIsTerminal, STDERR_FILENO)] where isTerminal.0 {
      var size = winsize()
      if ioctl(isTerminal.1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    }
    return nil
  }()

  enum Color: String {
    case green = "32"
    case red = "31"
    case yellow = "33"
    case bold = "1"
  }

  static func colored(_ text: String, _ color: Color) -> String {
    hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Text padded to a number of characters; numbers to the right, words to the left.
  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let fill = String(repeating: " ", count: max(0, width - text.count))
    return right ? fill + text : text + fill
  }
}

/// A progress line with the time that is left, on a terminal's stderr only.
final class ProgressLine: Sendable {
  private let state = Mutex((last: ContinuousClock.now - .seconds(1), isShown: false))
  private let start = ContinuousClock.now
  private let isEnabled: Bool

  init(isEnabled: Bool = Terminal.errorIsTerminal) { self.isEnabled = isEnabled }

  /// Shows `finished` of `total` units of work, ten times a second at most.
  func show(finished: Int, of total: Int, _ text: String) {
    guard isEnabled, total > 0 else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      guard state.last.duration(to: now) > .milliseconds(100) else { return }
      state = (now, true)
      let share = min(1, Double(finished) / Double(total))
      let filled = Int(share * 24)
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
      let elapsed = start.duration(to: now) / .seconds(1)
      let left = share > 0.01 ? "\(Self.duration(elapsed / share - elapsed)) left  " : ""
      let line = "\(bar) \(Int(share * 100)) %  \(left)\(text)"
      // A line that wraps could not be taken away again.
      write("\r\u{1B}[K\(line.prefix((Terminal.columns ?? 80) - 1))")
    }
  }

  /// Takes the line away, so that other text can be printed.
  func clear() {
    guard isEnabled else { return }
    state.withLock { state in
      if state.isShown { write("\r\u{1B}[K") }
      state.isShown = false
      state.last = ContinuousClock.now - .seconds(1)
    }
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 100 ? "\(Int(seconds) + 1) s" : "\(Int(seconds / 60) + 1) min"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
