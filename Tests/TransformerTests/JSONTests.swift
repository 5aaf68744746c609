import Foundation
import Probability
import Testing

@testable import Transformer

@Suite struct JSONTests {
  static func parse(_ text: String) throws(JSONError) -> JSON { try JSON(Array(text.utf8), limits: .configuration) }

  @Test func valuesKeepWhatIsWritten() throws {
    let text =
      " {\"b\" : [ -0.50e+2, 12345678901234567890123 ],\r\n\t\"a\":\"\\u00e9\\ud83d\\udc4d\\\"\\/\\b\\f\\n\\r\\t\", \"\":null} "
    #expect(
      try Self.parse(text)
        == .object([
          .init(
            name: "b",
            value: .array([.number(.init(text: "-0.50e+2")), .number(.init(text: "12345678901234567890123"))])),
          .init(name: "a", value: .string("é👍\"/\u{8}\u{C}\n\r\t")),
          .init(name: "", value: .null),
        ]))
  }

  @Test func numbersSayWhetherTheyFit() {
    func number(_ text: String) -> JSON.Number { .init(text: text) }
    #expect(number("9223372036854775807").integer == .max && number("-9223372036854775808").integer == .min)
    #expect(number("9223372036854775808").integer == nil && number("1.0").integer == nil)
    #expect(number("1e3").integer == nil && number("1e3").double == 1000)
    #expect(number("1e999").double == nil && number("-1e999").double == nil && number("1e-999").double == 0)
  }

  static let faults: [(text: String, offset: Int, reason: String)] = [
    ("", 0, "a value is expected, not the end of the text"),
    ("  ", 2, "a value is expected, not the end of the text"),
    ("\u{FEFF}{}", 0, "the text begins with a byte order mark; remove it"),
    ("nul", 0, "a value is expected, not \"nul\""),
    ("NaN", 0, "a value is expected, not \"NaN\""),
    ("-Infinity", 1, "a digit is expected, not \"Infinity\""),
    ("+1", 0, "a value is expected, not \"+1\""),
    ("'a'", 0, "a value is expected, not \"'\""),
    ("// a", 0, "a value is expected, not \"/\""),
    ("01", 1, "a number has no leading zeros"),
    ("-", 1, "a digit is expected, not the end of the text"),
    ("1.", 2, "a digit is expected, not the end of the text"),
    (".5", 0, "a value is expected, not \".5\""),
    ("[1e]", 3, "a digit is expected, not \"]\""),
    ("[1.5.2]", 4, "a comma or the end of the array is expected, not \".2\""),
    ("[1 2]", 3, "a comma or the end of the array is expected, not \"2\""),
    ("[1,]", 3, "a value is expected, not \"]\""),
    ("[,1]", 1, "a value is expected, not \",\""),
    ("[", 1, "a value is expected, not the end of the text"),
    ("[1}", 2, "a comma or the end of the array is expected, not \"}\""),
    ("{\"a\":1,}", 7, "a name in quotes is expected, not \"}\""),
    ("{a:1}", 1, "a name in quotes is expected, not \"a\""),
    ("{\"a\" 1}", 5, "a colon is expected, not \"1\""),
    ("{\"a\":1", 6, "a comma or the end of the object is expected, not the end of the text"),
    ("{\"a\":1]", 6, "a comma or the end of the object is expected, not \"]\""),
    ("{} x", 3, "\"x\" follows the end of the value"),
    ("{\"a\":1,\"a\":2}", 7, "the name \"a\" occurs twice"),
    ("{\"a\":1,\"\\u0061\":2}", 7, "the name \"a\" occurs twice"),
    // Two spellings of é; a dictionary of Swift would hold one of them.
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", 8, "the name \"e\u{301}\" occurs twice"),
    ("\"a", 0, "the string that begins here does not end"),
    ("\"a\\\"", 0, "the string that begins here does not end"),
    ("\"a\nb\"", 2, "a control character in a string must be escaped"),
    ("\"\\x\"", 2, "no escape is written \\ and \"x\""),
    ("\"\\", 2, "no escape is written \\ and the end of the text"),
    ("\"\\u12g4\"", 5, "\\u needs four hexadecimal digits, not \"g4\""),
    ("\"\\u+123\"", 3, "\\u needs four hexadecimal digits, not \"+123\""),
    ("\"\\u12", 5, "\\u needs four hexadecimal digits, not the end of the text"),
    ("\"\\ud800\"", 1, "the escape is half of a surrogate pair"),
    ("\"\\udc00\"", 1, "the escape is half of a surrogate pair"),
    ("\"\\ud800\\ud800\"", 1, "the escape is half of a surrogate pair"),
    ("\"\\ud800\\u0041\"", 1, "the escape is half of a surrogate pair"),
  ]

  @Test(arguments: faults)
  func everyFaultIsPlaced(text: String, offset: Int, reason: String) {
    #expect(throws: JSONError(offset: offset, reason: reason)) { try Self.parse(text) }
    #expect(ReaderProperties.violation(json: Array(text.utf8)) == nil)
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
      [0xFF],
    ] as [[UInt8]])
  func whatIsNoUTF8IsRefused(bytes: [UInt8]) {
    // A byte that is missing at the end, overlong forms, surrogates, and what lies beyond Unicode.
    for escape in ["", "\\n"] {
      let text = Array("[\"a".utf8) + bytes + Array("\(escape)\"]".utf8)
      let error = JSONError(offset: 1, reason: "the string that begins here is no UTF-8")
      #expect(throws: error) { try JSON(text, limits: .configuration) }
    }
    #expect(throws: JSONError.self) { try JSON(bytes, limits: .configuration) }
  }

  @Test func depthDoesNotExhaustTheStack() {
    for opening in ["[", "{\"a\":"] {
      let error = JSONError(offset: 64 * opening.utf8.count, reason: "nested more than 64 deep")
      #expect(throws: error) { try Self.parse(String(repeating: opening, count: 1_000_000)) }
    }
  }

  @Test func limitsAreExact() throws {
    let limits = JSON.Limits(bytes: 9, depth: 2, values: 4)
    _ = try JSON(Array("[[0,0]]  ".utf8), limits: limits)
    #expect(throws: JSONError(offset: 9, reason: "the text is longer than 9 bytes")) {
      try JSON(Array("[[0,0]]   ".utf8), limits: limits)
    }
    #expect(throws: JSONError(offset: 7, reason: "the text holds more than 4 values")) {
      try JSON(Array("[[0,0],0]".utf8), limits: limits)
    }
    #expect(throws: JSONError(offset: 2, reason: "nested more than 2 deep")) {
      try JSON(Array("[[[]]]".utf8), limits: limits)
    }
  }

  @Test func namesAreUniqueInLargeObjectsToo() throws {
    for count in [15, 16, 17, 40] {
      let members = (0..<count).map { "\"\($0)\":0" }
      _ = try Self.parse("{" + members.joined(separator: ",") + "}")
      for repeated in [0, count - 1] {
        let text = "{" + (members + [members[repeated]]).joined(separator: ",") + "}"
        let error = try #require(throws: JSONError.self) { try Self.parse(text) }
        #expect(error.reason == "the name \"\(repeated)\" occurs twice")
      }
    }
  }

  @Test func linesAndColumns() {
    let text = Array("{\n  \"a\": 1,\n  b\n}".utf8)
    #expect(JSONError(offset: 0, reason: "").place(in: text) == "line 1, column 1")
    #expect(JSONError(offset: 14, reason: "").place(in: text) == "line 3, column 3")
    #expect(JSONError(offset: 99, reason: "").place(in: text) == "line 4, column 2")
  }

  @Test func aParserThatNobodyHereWroteAgrees() throws {
    var random = RandomDocuments(seed: 1)
    for _ in 0..<2000 {
      let value = random.value(depth: 5)
      let text = Array(random.text(of: value).utf8)
      #expect(try JSON(text, limits: .configuration) == value)
      let other = try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
      #expect(Self.says(other, value), "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func whatIsTakenAfterAChangeIsTakenByAllAndAlike() throws {
    var random = RandomDocuments(seed: 2)
    var (taken, refused) = (0, 0)
    for _ in 0..<20000 {
      var text = Array(random.text(of: random.value(depth: 3)).utf8)
      for _ in 0...random.below(2) { random.change(&text) }
      let other = try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
      #expect(ReaderProperties.violation(json: text) == nil)
      if let value = try? JSON(text, limits: .configuration) {
        taken += 1
        // Foundation gives up on numbers that Double cannot hold.
        if let other {
          #expect(Self.says(other, value), "\(String(decoding: text, as: UTF8.self))")
        } else {
          #expect(Self.holdsHugeNumber(value), "\(String(decoding: text, as: UTF8.self))")
        }
      } else {
        refused += 1
      }
    }
    #expect(taken > 2000 && refused > 2000)
  }

  /// Whether Foundation's value is ours.
  static func says(_ other: Any, _ value: JSON) -> Bool {
    switch value {
    case .null: return other is NSNull
    case .boolean(let boolean): return (other as? NSNumber)?.boolValue == boolean
    case .number(let number):
      // Foundation goes by way of Decimal, which rounds once more.
      guard let other = (other as? NSNumber)?.doubleValue, let own = number.double else { return false }
      return abs(other - own) <= 1e-14 * abs(own)
    case .string(let text):
      return (other as? String).map { Array($0.unicodeScalars) == Array(text.unicodeScalars) } ?? false
    case .array(let elements):
      guard let others = other as? [Any], others.count == elements.count else { return false }
      return zip(others, elements).allSatisfy { says($0, $1) }
    case .object(let members):
      guard let others = other as? [String: Any], others.count == members.count else { return false }
      return members.allSatisfy { member in others[member.name].map { says($0, member.value) } ?? false }
    }
  }

  static func holdsHugeNumber(_ value: JSON) -> Bool {
    switch value {
    case .number(let number): number.double == nil
    case .array(let elements): elements.contains(where: holdsHugeNumber)
    case .object(let members): members.contains { holdsHugeNumber($0.value) }
    default: false
    }
  }
}
