import Foundation
import Testing
import ToyModels

@Suite struct JSONSyntaxTests {
  @Test(arguments: [
    "0", "-0.5e-3", "1E+2", "\"\"", #""\u00e9\n\"\\/""#, "[]", "{}", " [1, {\"a\" : null}, true,false] \r\n\t",
    "\u{FEFF}{}", "\"é👍\"", String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
  ])
  func validTextsPass(text: String) throws {
    try JSONSyntax.check(text.utf8)
    // The decoder that reads after the check agrees that these are JSON.
    _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  static let errors: [(text: String, line: String)] = [
    (" \n ", "the file is empty"),
    ("01", "line 1, column 1: \"01\" is no JSON number"),
    ("[1.]", "line 1, column 2: \"1.\" is no JSON number"),
    ("[-]", "line 1, column 2: \"-\" is no JSON number"),
    ("[1e]", "line 1, column 2: \"1e\" is no JSON number"),
    ("[1.5.2]", "line 1, column 2: \"1.5.2\" is no JSON number"),
    (
      "[.5]",
      "line 1, column 2: \".5\" is no JSON value (a number, a text in quotes, a list, an object, true, false or null)"
    ),
    ("[1 2]", "line 1, column 4: a comma or the end of the list is expected, not \"2\""),
    (
      "[1,]",
      "line 1, column 4: \"]\" is no JSON value (a number, a text in quotes, a list, an object, true, false or null)"
    ),
    ("{\"a\":1,}", "line 1, column 8: a key in quotes is expected, not \"}\""),
    ("{\n  a: 1}", "line 2, column 3: a key in quotes is expected, not \"a\""),
    ("{\"a\" 1}", "line 1, column 6: a colon is expected, not \"1\""),
    ("{\"a\":1,\n \"a\":2}", "line 2, column 2: the key \"a\" occurs twice"),
    ("[\"é\", \"a\n\"]", "line 1, column 7: the text that begins here does not end on its line"),
    ("\"a", "line 1, column 1: the text that begins here does not end on its line"),
    ("\"\\x\"", "line 1, column 3: no escape in a text begins with \"x\""),
    ("\"\\u12g4\"", "line 1, column 4: \\u needs four hexadecimal digits"),
    ("1 1", "line 1, column 3: \"1\" follows the end of the value"),
    ("[[\n1", "line 2, column 2: the file ends inside the list that begins at line 1, column 2; was it cut off?"),
    ("-1e999", "line 1, column 1: the number \"-1e999\" is too large"),
    (String(repeating: "[", count: 100_000), "line 1, column 66: nested more than 64 deep"),
  ]

  @Test(arguments: errors)
  func oneLineSaysWhere(text: String, line: String) {
    #expect(throws: ToyModelError.format(line)) { try JSONSyntax.check(text.utf8) }
    // Foundation's reader agrees but for two leniencies of its own.
    let isTaken = (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
    #expect(isTaken == ["{\"a\":1,\n \"a\":2}", "{\"a\":1,}", "[1,]"].contains(text))
  }

  @Test func bytesMustBeText() {
    #expect(throws: ToyModelError.format("not a text in UTF-8")) { try JSONSyntax.check([0xFF, 0xFE, 0x7B]) }
  }
}
