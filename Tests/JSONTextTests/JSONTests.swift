import Foundation
import JSONText
import TestSupport
import Testing

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

  @Test(arguments: [
    "0", "-0.5e-3", "1E+2", "\"\"", #""\u00e9\n\"\\/""#, "[]", "{}", " [1, {\"a\" : null}, true,false] \r\n\t",
    "\u{FEFF}{}", "\"é👍\"", String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
  ])
  func validTextsPass(text: String) throws {
    try JSON.check(text.utf8)
    // Foundation's reader, which decoders read by after the check, agrees that these are JSON.
    _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  static let noValue = "is no JSON value (a number, a text in quotes, a list, an object, true, false or null)"
  static let cutOff = "the file ends inside the list that begins at line 1, column 1; was it cut off?"

  /// Texts with the offset, if any, and the reason of their fault.
  static let faults: [(text: String, offset: Int?, reason: String)] = [
    ("", nil, "the file is empty"), (" \n ", nil, "the file is empty"), ("\u{FEFF}", nil, "the file is empty"),
    (" \u{FEFF}{}", 1, "\"\\u{FEFF}\" \(noValue)"),
    ("nul", 0, "\"nul\" \(noValue)"),
    ("NaN", 0, "\"NaN\" \(noValue)"),
    ("+1", 0, "\"+1\" \(noValue)"),
    ("'a'", 0, "\"'\" \(noValue)"),
    ("// a", 0, "\"/\" \(noValue)"),
    ("[.5]", 1, "\".5\" \(noValue)"),
    ("[1,]", 3, "\"]\" \(noValue)"),
    ("[,1]", 1, "\",\" \(noValue)"),
    ("-Infinity", 0, "\"-Infinity\" is no JSON number"),
    ("01", 0, "\"01\" is no JSON number"),
    ("-", 0, "\"-\" is no JSON number"),
    ("[1.]", 1, "\"1.\" is no JSON number"),
    ("[1e]", 1, "\"1e\" is no JSON number"),
    ("[1.5.2]", 1, "\"1.5.2\" is no JSON number"),
    ("-1e999", 0, "the number \"-1e999\" is too large"),
    ("[1 2]", 3, "a comma or the end of the list is expected, not \"2\""),
    ("[1}", 2, "a comma or the end of the list is expected, not \"}\""),
    ("[", 1, cutOff), ("[1", 2, cutOff), ("[1,", 3, cutOff),
    ("[[\n1", 4, "the file ends inside the list that begins at line 1, column 2; was it cut off?"),
    ("{\"a\":1", 6, "the file ends inside the object that begins at line 1, column 1; was it cut off?"),
    ("{\"a\":", 5, "the file ends inside the object that begins at line 1, column 1; was it cut off?"),
    ("{\"a\":1,}", 7, "a key in quotes is expected, not \"}\""),
    ("{a:1}", 1, "a key in quotes is expected, not \"a\""),
    ("{\"a\" 1}", 5, "a colon is expected, not \"1\""),
    ("{\"a\":1]", 6, "a comma or the end of the object is expected, not \"]\""),
    ("{} x", 3, "\"x\" follows the end of the value"),
    ("{\"a\":1,\"a\":2}", 7, "the key \"a\" occurs twice"),
    ("{\"a\":1,\"\\u0061\":2}", 7, "the key \"a\" occurs twice"),
    // Two spellings of é; a dictionary of Swift would hold one of them.
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", 8, "the key \"e\u{301}\" occurs twice"),
    ("\"a", 0, "the text that begins here does not end on its line"),
    ("\"a\\\"", 0, "the text that begins here does not end on its line"),
    ("[\"a\nb\"]", 1, "the text that begins here does not end on its line"),
    ("\"a\tb\"", 2, "a control character in a text must be escaped"),
    ("\"\\x\"", 2, "no escape in a text begins with \"x\""),
    ("\"\\", 2, "no escape in a text begins with the end of the file"),
    ("\"\\u12g4\"", 3, "\\u needs four hexadecimal digits"),
    ("\"\\u+123\"", 3, "\\u needs four hexadecimal digits"),
    ("\"\\u12", 3, "\\u needs four hexadecimal digits"),
    ("\"\\ud800\"", 1, "the escape is half of a surrogate pair"),
    ("\"\\udc00\"", 1, "the escape is half of a surrogate pair"),
    ("\"\\ud800\\ud800\"", 1, "the escape is half of a surrogate pair"),
    ("\"\\ud800\\u0041\"", 1, "the escape is half of a surrogate pair"),
  ]

  @Test(arguments: faults)
  func everyFaultIsPlaced(text: String, offset: Int?, reason: String) throws {
    let error = try #require(throws: JSONError.self) { try Self.parse(text) }
    #expect(error.offset == offset && error.reason == reason, "\(error)")
    #expect(error.description == (error.place.map { "\($0): " } ?? "") + reason)
  }

  @Test func linesAndColumnsCountCharacters() {
    func line(_ text: String) -> String? { #expect(throws: JSONError.self) { try Self.parse(text) }?.description }
    #expect(line("{\n  a: 1}") == "line 2, column 3: a key in quotes is expected, not \"a\"")
    #expect(line("[\"é👍\", a]") == "line 1, column 8: \"a\" \(Self.noValue)")
    #expect(
      line("{\"rows\":\n{")
        == "line 2, column 2: the file ends inside the object that begins at line 2, column 1; was it cut off?")
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
      let error = #expect(throws: JSONError.self) { try JSON(text, limits: .configuration) }
      #expect(error?.description == "line 1, column 2: the text that begins here is no UTF-8")
    }
    let error = #expect(throws: JSONError.self) { try JSON(bytes, limits: .configuration) }
    #expect(error?.description == "line 1, column 1: a byte that is no UTF-8 \(Self.noValue)")
  }

  @Test func depthDoesNotExhaustTheStack() {
    for opening in ["[", "{\"a\":"] {
      let error = #expect(throws: JSONError.self) { try Self.parse(String(repeating: opening, count: 1_000_000)) }
      #expect(error?.description == "line 1, column \(64 * opening.utf8.count + 1): nested more than 64 deep")
    }
  }

  @Test func limitsAreExact() throws {
    let limits = JSON.Limits(bytes: 9, depth: 2, values: 4)
    _ = try JSON(Array("[[0,0]]  ".utf8), limits: limits)
    let faults = [
      ("[[0,0]]   ", "the text is longer than 9 bytes"),
      ("[[0,0],0]", "line 1, column 8: the text holds more than 4 values"),
      ("[[[]]]", "line 1, column 3: nested more than 2 deep"),
    ]
    for (text, line) in faults {
      let error = #expect(throws: JSONError.self) { try JSON(text.utf8, limits: limits) }
      #expect(error?.description == line)
    }
  }

  @Test func namesAreUniqueInLargeObjectsToo() throws {
    for count in [15, 16, 17, 40] {
      let members = (0..<count).map { "\"\($0)\":0" }
      _ = try Self.parse("{" + members.joined(separator: ",") + "}")
      for repeated in [0, count - 1] {
        let text = "{" + (members + [members[repeated]]).joined(separator: ",") + "}"
        let error = try #require(throws: JSONError.self) { try Self.parse(text) }
        #expect(error.reason == "the key \"\(repeated)\" occurs twice")
      }
    }
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
      if let value = try? JSON(text, limits: .configuration) {
        taken += 1
        #expect(other.map { Self.says($0, value) } == true, "\(String(decoding: text, as: UTF8.self))")
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
}
