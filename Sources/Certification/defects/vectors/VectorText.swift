import Foundation

/// JSON as a person reads it: keys in a fixed order, whatever fits on a line on one line.
///
/// Doubles are written as the shortest text that reads back as the same double.
indirect enum VectorText {
  case word(String)
  case array([VectorText])
  case object([(key: String, value: VectorText)])

  static func text(_ text: String) -> VectorText {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\": quoted += "\\\(character)"
      case "\u{20}"...: quoted.unicodeScalars.append(character)
      default:
        quoted +=
          "\\u" + String(repeating: "0", count: 4 - String(character.value, radix: 16).count)
          + String(character.value, radix: 16)
      }
    }
    return .word(quoted + "\"")
  }

  static func integer(_ value: Int) -> VectorText { .word(String(value)) }

  static func number(_ number: VectorNumber) -> VectorText {
    if let text = number.text { return .text(text) }
    if let whole = Int(exactly: number.value) { return .integer(whole) }
    return .word("\(number.value)")
  }

  static let lineLength = 116

  /// The JSON with a line feed at the end.
  var json: Data { Data((rendered(indent: 0, prefix: 0) + "\n").utf8) }

  private var line: String {
    switch self {
    case .word(let word): word
    case .array(let values): "[" + values.map(\.line).joined(separator: ", ") + "]"
    case .object(let pairs): "{" + pairs.map { "\"\($0.key)\": \($0.value.line)" }.joined(separator: ", ") + "}"
    }
  }

  private func rendered(indent: Int, prefix: Int) -> String {
    let line = line
    if indent + prefix + line.count <= Self.lineLength { return line }
    let inner = String(repeating: " ", count: indent + 2)
    let end = "\n" + String(repeating: " ", count: indent)
    switch self {
    case .word(let word): return word
    case .array(let values):
      if values.allSatisfy(\.isWord) { return Self.filled(values.map(\.line), inner: inner, end: end) }
      return "[\n" + values.map { inner + $0.rendered(indent: indent + 2, prefix: 0) }.joined(separator: ",\n") + end
        + "]"
    case .object(let pairs):
      let lines = pairs.map { pair in
        inner + "\"\(pair.key)\": " + pair.value.rendered(indent: indent + 2, prefix: pair.key.count + 4)
      }
      return "{\n" + lines.joined(separator: ",\n") + end + "}"
    }
  }

  private var isWord: Bool { if case .word = self { true } else { false } }

  /// Short words, as many a line as fit.
  private static func filled(_ words: [String], inner: String, end: String) -> String {
    var lines = [inner]
    for (index, word) in words.enumerated() {
      let next = word + (index + 1 < words.count ? "," : "")
      let last = lines[lines.count - 1]
      if last.count + next.count + 1 > lineLength, last != inner {
        lines.append(inner + next)
      } else {
        lines[lines.count - 1] += (last == inner ? "" : " ") + next
      }
    }
    return "[\n" + lines.joined(separator: "\n") + end + "]"
  }
}
