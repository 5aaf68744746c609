import Foundation
import Testing

@testable import Checkpoints
@testable import Tokenizers

@Suite struct TemplateRunTests {
  private static let moment =
    ChatTemplate.Moment(year: 2026, month: 11, day: 3, hour: 9, minute: 5, second: 7) ?? .epoch

  /// The variables of `make_templates.py`.
  private static var variables: [String: TemplateValue] {
    func message(_ role: String, _ content: String) -> TemplateValue {
      .mapping(TemplateMapping([("role", .text(role)), ("content", .text(content))]))
    }
    let inner: TemplateValue = .mapping(TemplateMapping([("q", .text("r"))]))
    let pair: TemplateValue = .list(TemplateList([.integer(1), .integer(2)]))
    return [
      "a": .integer(3), "b": .integer(-7), "s": .text("Hello wOrld "), "n": TemplateValue.none, "f": .float(2.5),
      "l": .list(TemplateList([.integer(3), .integer(1), .integer(2), .text("x"), .none, .boolean(true)])),
      "d": .mapping(TemplateMapping([("k", .integer(1)), ("b", pair), ("Z", inner)])), "t": .boolean(true),
      "e": .text(""), "z": .list(TemplateList([])),
      "msgs": .list(TemplateList(["b", "A", "a", "é\tß'\"\\"].map { .text($0) })),
      "m": .list(TemplateList([message("user", " hi\n"), message("assistant", "yo")])),
    ]
  }

  private func write(_ template: String) throws(TokenizerError) -> String {
    try ChatTemplate(template).parts(Self.variables, size: 100, at: Self.moment).map(\.text).joined()
  }

  // 500 templates of a random grammar: expressions, filters, tests, methods, loops, macros, white space.
  @Test func expressionsAreJinjas() throws {
    struct Case: Decodable { let template, text: String }
    let cases = try JSONDecoder().decode([Case].self, from: TokenizerFixtures.data("expressions.json"))
    #expect(cases.count == 500)
    for example in cases {
      // An address of Python's is another in each run; of one template it is written where nobody sees it.
      guard !example.text.contains(" at 0x"), !example.template.contains("print (loop)|reverse") else {
        #expect(throws: TokenizerError.self, "\(example.template)") { try write(example.template) }
        continue
      }
      let text = Result { try write(example.template) }
      #expect(
        (try? text.get()).map { Array($0.unicodeScalars) } == Array(example.text.unicodeScalars),
        "\(example.template): \(text)")
    }
  }

  // As Python 3.12 writes them.
  @Test func powersAreThoseOfPython() throws {
    for (power, text) in [
      ("2 ** -1", "0.5"), ("(-2) ** -3", "-0.125"), ("f ** 0", "1.0"), ("f ** 2", "6.25"),
      ("2.0 ** 0.5", "1.4142135623730951"),
      ("(-2.0) ** 3", "-8.0"), ("(-2) ** 2.0", "4.0"), ("0.0 ** 2", "0.0"), ("(-0.0) ** 3", "-0.0"),
      ("(1e999) ** -1", "0.0"), ("(-1e999) ** -3", "-0.0"), ("(-1.0) ** 1e999", "1.0"), ("0.0 ** -1e999", "inf"),
      ("(1e999 - 1e999) ** 0", "1.0"), ("1.0 ** (1e999 - 1e999)", "1.0"), ("(-2.0) ** (1e999 - 1e999)", "nan"),
      ("true ** 2.0", "1.0"),
    ] { #expect(try write("{{ \(power) }}") == text, "\(power)") }
    for power in ["0.0 ** -1", "0 ** -2", "(-2.0) ** 0.5", "10.0 ** 400"] {
      #expect(throws: TokenizerError.self, "\(power)") { try write("{{ \(power) }}") }
    }
  }

  @Test func faultsSayWhereAndWhat() {
    for (template, message) in [
      ("a\n{% if x %}", "chat template, line 2, column 1: the block that begins here does not end"),
      (
        "{% if x %}{% if y %}{% endif %} {% else %}", "chat template, line 1, column 33: the block that begins here "
      ),
      (
        "{{ 'a' | shout }}", "chat template, line 1, column 10: the filter \"shout\" is not supported; supported: abs, "
      ),
      ("{{ 1 is prime }}", "chat template, line 1, column 9: the test \"prime\" is not supported; supported: "),
      ("{% include 'x' %}", "chat template, line 1, column 4: the tag \"include\" is not supported"),
      ("{% endfor %}", "chat template, line 1, column 4: the tag \"endfor\" is unknown, or stands where"),
      ("{{ a b }}", "chat template, line 1, column 6: \"b\" stands where \"}}\" is expected"),
      ("{{ (1] }}", "chat template, line 1, column 6: \"]\" stands where \")\" must close a bracket"),
      ("{{ 'a }}", "chat template, line 1, column 4: the string that begins here does not end"),
      ("\n\n  {{ x.y }}", "chat template, line 3, column 7: \"x\" is undefined, and its attribute \"y\" is asked for"),
      ("{{ 1 + 'a' }}", "chat template, line 1, column 6: \"+\" is not defined for an integer and a string"),
      ("{{ l.append(1) }}", "chat template, line 1, column 12: \"append\" of a list would change it"),
      ("{{ s.encode() }}", "chat template, line 1, column 5: the method \"encode\" of a string is not supported"),
      ("{{ 1 // 0 }}", "chat template, line 1, column 6: a number is divided by 0"),
      ("{{ strftime_now('%Q') }}", "chat template, line 1, column 16: the format \"%Q\" of strftime_now"),
      ("{{ raise_exception('No\nsystem\u{1B}[0m') }}", "the chat template refuses the conversation: No\\u{A}system"),
    ] {
      let error = #expect(throws: TokenizerError.self) { try write(template) }
      #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(message), "\(template): \(error.map { "\($0)" } ?? "none")")
      #expect(error?.description.contains("\n") == false)
    }
  }

  // Each would go on without end, fill the memory, or leave the stack, were it not for a limit.
  @Test func hostileTemplatesEnd() {
    func nested(_ open: String, _ close: String, _ count: Int = 100_000) -> String {
      String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
    }
    let counts = "{% for i in range(99999) %}"
    for template in [
      "{% for i in range(10**9) %}x{% endfor %}",
      String(repeating: counts, count: 5) + "x"
        + String(repeating: "{% endfor %}", count: 5), "{{ 'a' * 10**12 }}", "{{ [1] * 10**12 }}", "{{ 'ab' * 2**62 }}",
      "{{ 10**400 }}", "{{ 2**62 * 4 }}", "{{ '%999999999d' % 1 }}", "{{ 'x'.center(10**15) }}",
      "{{ 'x' | indent(10**15) }}",
      "{{ [[1]] | tojson(indent=10**15) }}", "{{ [1] | batch(10**15, 0) | list }}", "{{ 'x'.zfill(10**15) }}",
      "{% set ns = namespace(s='ab') %}\(counts){% set ns.s = ns.s + ns.s %}{% endfor %}",
      "{% set ns = namespace(s=['ab']) %}\(counts){% set ns.s = ns.s + ns.s %}{% endfor %}",
      "{% set ns = namespace(s=1) %}\(counts){% set ns.s = [ns.s] %}{% endfor %}",
      "{% set ns = namespace(s=1) %}\(counts){% set ns.s = {'a': ns.s} %}{% endfor %}",
      "{% set ns = namespace(s=1) %}\(counts){% set ns.s = [ns.s] | map('list') %}{% endfor %}",
      "{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns }}",
      "{% set x = [1] %}"
        + (0..<60).map { "{% set x\($0 + 1) = [x\($0), x\($0)] %}" }.joined().replacing("x0,", with: "x,")
        + "{{ x60 }}",
      "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
      "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}",
      "{% set ns = namespace(s='') %}{% set s = 'a' * 10**6 %}{{ (s + 'b') in (s + s) }}{% for i in range(99) %}"
        + "{{ ('a' * 5000 + 'b') in s }}{% endfor %}",
      "{{ " + nested("(", ")") + " }}", "{{ " + nested("[", "]") + " }}", "{{ " + nested("-", "") + " }}",
      "{{ " + nested("not ", "") + " }}", "{{ " + nested("", " + 1") + " }}", "{{ " + nested("", "|abs") + " }}",
      "{{ a" + String(repeating: ".a", count: 100_000) + " }}", "{{ " + nested("1 if 1 else ", "") + " }}",
      "{{ " + nested("f(", ")") + " }}", "{{ " + nested("{1: ", "}") + " }}",
      String(repeating: "{% if 1 %}", count: 100_000) + String(repeating: "{% endif %}", count: 100_000),
      "{% for " + nested("(", ")").replacing("1", with: "x") + " in [] %}{% endfor %}",
      String(repeating: "x", count: 1 << 20) + "y",
    ] {
      #expect(throws: TokenizerError.self, "\(template.prefix(80))") { try write(template) }
    }
  }

  // Long, and no fault: chains of namespaces and of macros are freed without a level of the stack for each.
  @Test func longChainsAreFreed() throws {
    #expect(
      try write(
        "{% set ns = namespace(s=1) %}{% for i in range(50000) %}{% set ns.s = namespace(s=ns.s) %}{% endfor %}x")
        == "x")
    #expect(
      try write(
        "{% set ns = namespace(s=1) %}{% for i in range(50000) %}{% set q = ns.s %}{% macro f() %}{{ q }}{% endmacro %}"
          + "{% set ns.s = f %}{% endfor %}x") == "x")
    #expect(try write("{{ " + String(repeating: "1 + ", count: 150) + "1 }}") == "151")
  }

  @Test func aRunEndsAfterTheWorkThatAConversationNeeds() throws {
    let source = "{% for i in range(99999) %}{% for j in range(9) %}{% endfor %}{% endfor %}x"
    let template = try ChatTemplate(source)
    #expect(try template.parts([:], size: 10_000_000, at: .epoch).map(\.text).joined() == "x")
  }

  @Test func datesAreThoseOfTheCalendar() throws {
    let leap = try #require(ChatTemplate.Moment(year: 2028, month: 2, day: 29, hour: 0))
    let template = try ChatTemplate("{{ strftime_now('%a %A %b %B %d %e %F %H %I %j %m %M %p %S %T %y %Y %% %-d') }}")
    let text = try template.parts([:], size: 0, at: leap).map(\.text).joined()
    #expect(
      text == "Tue Tuesday Feb February 29 29 2028-02-29 00 12 060 02 00 AM 00 00:00:00 28 2028 % 29")
    #expect(ChatTemplate.Moment(year: 2027, month: 2, day: 29) == nil)
    #expect(ChatTemplate.Moment(year: 2100, month: 2, day: 29) == nil)
    #expect(ChatTemplate.Moment(year: 2026, month: 13, day: 1) == nil)
    // Every day of 400 years after the one before it.
    var weekday: String?
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    for year in 1900..<2300 {
      for month in 1...12 {
        for day in 1...31 {
          guard let moment = ChatTemplate.Moment(year: year, month: month, day: day) else { continue }
          let name = moment.text(TemplateText("%a"))?.string
          if let weekday, let place = names.firstIndex(of: weekday) { #expect(name == names[(place + 1) % 7]) }
          weekday = name
        }
      }
    }
    #expect(ChatTemplate.Moment.epoch.text(TemplateText("%A"))?.string == "Thursday")
  }

  @Test func numbersAreWrittenAsPythonDoes() throws {
    for (number, text) in [
      (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1.5e16, "1.5e+16"),
      (0.0001, "0.0001"), (0.00001, "1e-05"), (1.5e-7, "1.5e-07"), (123456789.125, "123456789.125"), (1e22, "1e+22"),
      (1e100, "1e+100"), (Double.leastNonzeroMagnitude, "5e-324"), (9007199254740993.0, "9007199254740992.0"),
      (0.1 + 0.2, "0.30000000000000004"),
      (.infinity, "inf"), (-.infinity, "-inf"),
    ] { #expect(number.pythonText == text) }
  }
}
