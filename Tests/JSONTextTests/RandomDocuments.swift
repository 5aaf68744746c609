import JSONText
import Probability
import TestSupport

/// JSON documents at random, the same for every run.
struct RandomDocuments {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  mutating func value(depth: Int) -> JSON {
    switch below(depth > 0 ? 8 : 5) {
    case 0: return .null
    case 1: return .boolean(below(2) == 0)
    case 2, 3: return .number(.init(text: number()))
    case 4: return .string(string())
    case 5, 6: return .array((0..<below(4)).map { _ in value(depth: depth - 1) })
    default:
      var members: [JSON.Member] = []
      for index in 0..<below(20) where below(3) == 0 {
        members.append(.init(name: string() + "\(index)", value: value(depth: depth - 1)))
      }
      return .object(members)
    }
  }

  /// The value with blanks and escapes anywhere.
  mutating func text(of value: JSON) -> String {
    let inner: String =
      switch value {
      case .string(let string): quoted(string)
      case .array(let elements): "[" + elements.map { text(of: $0) }.joined(separator: ",") + blanks() + "]"
      case .object(let members):
        "{" + members.map { blanks() + quoted($0.name) + blanks() + ":" + text(of: $0.value) }.joined(separator: ",")
          + blanks() + "}"
      default: value.text
      }
    return blanks() + inner + blanks()
  }

  /// Removes, repeats or replaces a byte.
  mutating func change(_ text: inout [UInt8]) {
    guard !text.isEmpty else { return }
    let position = below(text.count)
    switch below(3) {
    case 0: text.remove(at: position)
    case 1: text.insert(text[position], at: position)
    default: text[position] = Array("{}[]\",:\\0-.eEutf \u{1}é".utf8)[below(20)]
    }
  }

  private mutating func number() -> String {
    var text = below(3) == 0 ? "-" : ""
    text += below(4) == 0 ? "0" : "\(1 + below(9))" + (0..<below(18)).map { _ in "\(below(10))" }.joined()
    if below(3) == 0 { text += "." + (0...below(6)).map { _ in "\(below(10))" }.joined() }
    if below(3) == 0 { text += ["e", "E", "e+", "E-"][below(4)] + "\(below(200))" }
    return text
  }

  private mutating func string() -> String {
    let alphabet: [Character] = ["a", "b", "\"", "\\", "/", "\n", "\0", "\u{7F}", "é", "\u{2028}", "👍", "{", "ß"]
    return String((0..<below(6)).map { _ in alphabet[below(alphabet.count)] })
  }

  private mutating func blanks() -> String {
    below(4) == 0 ? [" ", "\n", "\t", "\r\n", "  "][below(5)] : ""
  }

  private mutating func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || below(4) == 0 {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16, uppercase: below(2) == 0)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
