import Synchronization

/// A progress line with the time that is left, on a terminal's stderr only.
///
/// Where the locale has no UTF-8 it is ASCII without escapes; a dumb terminal has none.
final class ProgressLine: Sendable {
  private let state = Mutex((last: ContinuousClock.now - .seconds(1), isShown: false))
  private let start = ContinuousClock.now
  private let isEnabled: Bool

  /// Takes a line away: by an escape, or by blanks over it.
  static let away = Terminal.hasUTF8 ? "\r\u{1B}[K" : "\r\(String(repeating: " ", count: columns))\r"
  /// A line that wraps could not be taken away again.
  private static let columns = (Terminal.columns ?? 80) - 1

  init(isEnabled: Bool = Terminal.errorShowsProgress) { self.isEnabled = isEnabled }

  /// Shows `finished` of `total` units of work, ten times a second at most.
  func show(finished: Int, of total: Int, _ text: String) {
    guard isEnabled, total > 0 else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      guard state.last.duration(to: now) > .milliseconds(100) else { return }
      state = (now, true)
      let share = min(1, Double(finished) / Double(total))
      let filled = Int(share * 24)
      let (full, empty) = Terminal.hasUTF8 ? ("█", "░") : ("#", ".")
      let bar = String(repeating: full, count: filled) + String(repeating: empty, count: 24 - filled)
      let elapsed = start.duration(to: now) / .seconds(1)
      let left = share > 0.01 ? "\(Self.duration(elapsed / share - elapsed)) left  " : ""
      let line = "\(bar) \(Int(share * 100)) %  \(left)\(text)"
      StandardError.show(progress: Self.away + Self.shown(line).prefix(Self.columns))
    }
  }

  /// Takes the line away, so that other text can be printed.
  func clear() {
    guard isEnabled else { return }
    state.withLock { state in
      if state.isShown { StandardError.show(progress: nil) }
      state.isShown = false
      state.last = ContinuousClock.now - .seconds(1)
    }
  }

  private static func duration(_ seconds: Double) -> String {
    seconds < 100 ? "\(Int(seconds) + 1) s" : "\(Int(seconds / 60) + 1) min"
  }

  /// A line in the locale's characters; the texts have few others.
  private static func shown(_ line: String) -> String {
    guard !Terminal.hasUTF8 else { return line }
    return String(line.replacing("≤", with: "<=").map { $0.isASCII ? $0 : "?" })
  }
}
