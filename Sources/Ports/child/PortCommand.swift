import Certification
import Foundation

/// A command that starts a port, and the files that it names.
package struct PortCommand: Hashable, Sendable {
  /// A file of the command: the program, and scripts or libraries among its arguments.
  package struct File: Hashable, Sendable, Codable {
    /// The word of the command that names it.
    package var name: String
    /// The SHA-256 of its bytes, in hexadecimal.
    package var sha256: String
  }

  /// The text that `/bin/sh -c` runs.
  package var text: String

  /// A command.
  package init(_ text: String) { self.text = text }

  /// Files larger than this are not hashed.
  static let largestFile = 1 << 28

  /// The files that the command's words name, each once: the first word is looked up as a shell does.
  ///
  /// Words with a variable or a pattern in them are not expanded.
  /// - Complexity: reads every file.
  package func files() -> [File] {
    var files: [File] = []
    for (index, word) in words.enumerated() where !files.contains(where: { $0.name == word }) {
      guard let path = index == 0 && !word.contains("/") ? Self.lookUp(word) : word,
        let attributes = try? FileManager.default.attributesOfItem(
          atPath: URL(filePath: path).resolvingSymlinksInPath().path),
        attributes[.type] as? FileAttributeType == .typeRegular,
        (attributes[.size] as? Int ?? .max) <= Self.largestFile,
        let data = try? Data(contentsOf: URL(filePath: path))
      else { continue }
      var hash = SHA256()
      hash.update(data)
      files.append(File(name: word, sha256: hash.finish()))
    }
    return files
  }

  /// The words of the command; quotes are taken off, operators are words.
  package var words: [String] {
    var words: [String] = []
    var word = ""
    var isOpen = false
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "\\" {
        (isEscaped, isOpen) = (true, true)
      } else if character == "\"" || character == "'" {
        (quote, isOpen) = (character, true)
      } else if character.isWhitespace {
        if isOpen { words.append(word) }
        (word, isOpen) = ("", false)
      } else {
        word.append(character)
        isOpen = true
      }
    }
    return isOpen ? words + [word] : words
  }

  private static func lookUp(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
