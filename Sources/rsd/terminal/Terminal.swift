import Foundation

/// The capabilities of stdout and stderr as terminals.
enum Terminal {
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  private static let environment = ProcessInfo.processInfo.environment

  /// Whether a terminal goes back to the beginning of a line: neither a dumb one does, nor one that is not named.
  static let isCapable = !["", "dumb"].contains(environment["TERM"] ?? "")

  /// Whether a progress line can be shown on stderr, and taken away again.
  static let errorShowsProgress = errorIsTerminal && isCapable

  /// Whether the locale's characters are those of UTF-8.
  static let hasUTF8 = isUTF8(environment)

  /// Whether the characters of an environment's locale are those of UTF-8: the first that is set of LC_ALL, LC_CTYPE and
  /// LANG says so, and none is the C locale's.
  static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    // Such as de_DE.UTF-8@euro; macOS also knows UTF-8 alone.
    let characters = locale.prefix { $0 != "@" }.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    return characters.lowercased().replacing("-", with: "") == "utf8"
  }

  /// https://no-color.org: any value but the empty one.
  static let hasColor = outputIsTerminal && (environment["NO_COLOR"] ?? "").isEmpty && isCapable && hasUTF8

  /// Characters a line: what COLUMNS says, or the terminal that stdout or stderr is; `nil` where neither is one.
  static let columns: Int? = {
    if let given = environment["COLUMNS"].flatMap({ Int($0) }), given > 0 { return given }
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
