import ArgumentParser
import JSONText

/// The words of the command line, as a person means them.
enum Arguments {
  /// Parses the words; a value that begins with "-" and is no option is its option's.
  ///
  /// - Throws: what the parser throws, and ``DashedValue`` where it is not clear whose a word is.
  static func parse(_ words: [String]) throws -> any ParsableCommand {
    var words = words
    while true {
      do {
        return try RSD.parseAsRoot(words)
      } catch {
        guard let found = dashedValue(in: words, refusedBy: RSD.message(for: error)) else { throw error }
        let (option, value) = (words[found], words[found + 1])
        guard isValue(value) else { throw DashedValue(option: option, value: value, error: error) }
        words.replaceSubrange(found...found + 1, with: ["\(option)=\(value)"])
      }
    }
  }

  /// A word that may be a value, or an option in its place.
  struct DashedValue: Error {
    let option, value: String
    /// The parser's error.
    let error: any Error

    /// How to say that it is the value.
    var advice: String {
      guard value != "--" else { return "" }
      return "; if \"\(value.oneLine(limit: 48))\" is the value, write \(option)=\(value.oneLine(limit: 48))"
    }
  }

  /// Where the option stands whose value the parser misses, and a word after it that begins with "-".
  private static func dashedValue(in words: [String], refusedBy message: String) -> Int? {
    // Three dashes are no name of an option: the parser refuses the word itself.
    if let invalid = message.firstMatch(of: /^Invalid option: (---.*)$/.dotMatchesNewlines()) {
      return words.indices.dropLast().first { words[$0].hasPrefix("-") && words[$0 + 1] == invalid.1 }
    }
    guard let match = message.firstMatch(of: /Missing value for '(-[^\s']*)/) else { return nil }
    return words.indices.dropLast().first { words[$0] == match.1 && words[$0 + 1].hasPrefix("-") }
  }

  /// Whether a word that begins with "-" looks like no option: a list's item, a negative number, a rule of dashes.
  ///
  /// One that looks like an option is taken for one, also where it is none: its value may have been forgotten.
  private static func isValue(_ word: String) -> Bool {
    !["--", "-h", "-o"].contains(word)
      && word.wholeMatch(of: /--[A-Za-z][A-Za-z0-9-]*(=.*)?/.dotMatchesNewlines()) == nil
  }

  /// Bytes in a message: those that are no printable ASCII in hexadecimal.
  static func shown(_ bytes: [UInt8]) -> String {
    let text = bytes.prefix(48).map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return text.joined() + (bytes.count > 48 ? "…" : "")
  }
}
