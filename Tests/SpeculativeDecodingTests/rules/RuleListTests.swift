import Foundation
import SpeculativeDecoding
import Testing
import schema_writer

/// The lists of rules that stand outside Swift, in schemas, example ports and guides: each is that of ``Rule``.
@Suite struct RuleListTests {
  static let repository = URL(filePath: #filePath).appending(path: "../../../..").standardized

  static func text(_ path: String) throws -> String {
    try String(contentsOf: repository.appending(path: path), encoding: .utf8)
  }

  static let schemas = (FileManager.default.subpaths(atPath: repository.appending(path: "Schemas").path) ?? [])
    .filter { $0.hasSuffix(".schema.json") }.sorted()

  @Test(arguments: schemas)
  func schemasAreCurrent(name: String) throws {
    let schema = try Self.text("Schemas/\(name)")
    let isCurrent = try RuleLists.rewritten(schema) == schema
    #expect(isCurrent, "Schemas/\(name) has lists that are not those of Rule; write them anew: make schemas")
    // A list without a marker would not follow.
    let rest = schema.replacing(/"(?:enum|examples)": \[[^\]]*\]/) { match in
      schema[..<match.range.lowerBound].suffix(40).contains("make schemas") ? "" : String(match.0)
    }
    for rule in Rule.all {
      #expect(!rest.contains("\"\(rule)\""), "Schemas/\(name) names \(rule) outside of the lists of `make schemas`")
    }
  }

  @Test func theSchemasAreThere() { #expect(Self.schemas.count == 11) }

  /// A list that is out of date is made new, by each of the markers; a marker that cannot be followed is an error.
  @Test func listsAreWrittenAnew() throws {
    func list(_ marker: String) throws -> String {
      let opening = "{ \"$comment\": \"\(marker); make schemas\", \"enum\": "
      let text = try RuleLists.rewritten(opening + "[\n  \"sd\",\n  \"other\"\n] }")
      #expect(text.hasPrefix(opening))
      return String(text.dropFirst(opening.count))
    }
    let names = Rule.all.map { "\"\($0)\"" }
    #expect(try list("Rule.all") == "[\(names.joined(separator: ", "))] }")
    #expect(try list("Rule.allThatDraft") == "[\(names.dropFirst().joined(separator: ", "))] }")
    #expect(try list("Rule.allThatVerify") == "[\"sd\", \"specinfer\", \"rsd-c\", \"rsd-s\"] }")
    #expect(try list("Rule.all of shape chain") == "[\"sd\"] }")
    #expect(throws: RuleLists.UnknownList.self) { try list("Rule.some") }
    #expect(throws: RuleLists.UnknownList.self) { try list("Rule.all of shape ring") }
    #expect(throws: RuleLists.UnknownList.self) {
      try RuleLists.rewritten("{ \"$comment\": \"Rule.all; make schemas\" }")
    }
  }

  /// The example ports are written by hand, and offer every rule, in order.
  @Test(arguments: [
    ("rsd_port.py", "RULES = [", Rule.all), ("rsd_verify_port.py", "RULES = [", Rule.allThatVerify),
    ("rsd_port.cpp", "\\\"rules\\\":[", Rule.all),
  ])
  func portsOfferTheRules(file: String, opening: String, rules: [Rule]) throws {
    let port = try Self.text("Examples/ports/\(file)")
    let start = try #require(port.range(of: opening), "\(file) has no list \(opening)…]")
    let list = port[start.upperBound...].prefix { $0 != "]" }
    let names = list.split(separator: ",").map { $0.filter { !" \\\"\n".contains($0) } }
    #expect(names == rules.map(\.name), "Examples/ports/\(file) offers other rules than Rule has")
  }

  /// Tables with a row for each rule, by its name in code or its title in prose.
  @Test(arguments: [
    ("README.md", "The rules"), ("README.md", "Speed"), ("docs/one-decoder.md", "Rules are rows"),
    ("docs/porting.md", "Minute 0"), ("docs/port-protocol.md", "Sample"), ("docs/performance.md", "What is measured"),
  ])
  func everyRuleHasItsRow(file: String, heading: String) throws {
    let guide = try Self.text(file)
    let section = try #require(
      guide.split(separator: #/\n##+ /#).first { $0.hasPrefix(heading) }, "\(file) has no section \(heading)")
    let lines = section.split(separator: "\n", omittingEmptySubsequences: false)
    var tables = 0
    for table in lines.split(whereSeparator: { !$0.hasPrefix("|") }) {
      let cells = table.compactMap { $0.split(separator: "|").first }
      let missing = Rule.all.filter { rule in
        !cells.contains { $0.contains("`\(rule)`") || $0.trimmingPrefix(" ").hasPrefix("\(rule.title) ") }
      }
      // A table of something else.
      if missing.count == Rule.all.count { continue }
      #expect(missing == [], "\(file), \(heading): the table of \(table[table.startIndex]) has no row of these")
      tables += 1
    }
    #expect(tables > 0, "\(file), \(heading): no table of the rules")
  }

  /// Lists in running text.
  @Test func listsInProseAreWhole() throws {
    let names = Rule.all.map { "`\($0)`" }.joined(separator: ", ")
    #expect(try Self.text("Benchmarks/README.md").contains(names))
    let list = Rule.all.map { "\"\($0)\"" }.joined(separator: ",")
    #expect(try Self.text("docs/port-protocol.md").contains("\"rules\":[\(list)]"))
    let titles = Rule.all.map(\.title).joined(separator: ", ")
    #expect(try Self.text("docs/proof.md").contains("| rules | \(titles) |"))
  }

  /// A rule's algorithm, guide and test stand under its name, and each names the others.
  @Test(arguments: Rule.all)
  func aRuleIsFoundByItsName(rule: Rule) throws {
    let name = rule.name.filter { $0 != "-" }
    func file(_ folder: String, ending: String) throws -> String {
      let files = try FileManager.default.contentsOfDirectory(atPath: Self.repository.appending(path: folder).path)
      let found = files.first { $0.lowercased() == name + ending.lowercased() }
      return try #require(found, "\(folder) has no file of \(rule)")
    }
    let source = try file("Sources/SpeculativeDecoding/rules", ending: ".swift")
    let test = try file("Tests/SpeculativeDecodingTests/rules", ending: "Tests.swift")
    #expect(test == source.replacing(".swift", with: "Tests.swift"))
    let guide = "docs/rules/\(rule).md"
    let comment = try Self.text("Sources/SpeculativeDecoding/rules/\(source)")
    #expect(comment.contains("Guide: `\(guide)`; tests: `Tests/SpeculativeDecodingTests/rules/\(test)`."))
    let head = try Self.text(guide).prefix(2000)
    #expect(head.contains("(../../Sources/SpeculativeDecoding/rules/\(source))"))
    #expect(head.contains("(../../Tests/SpeculativeDecodingTests/rules/\(test))"))
    #expect(try Self.text("Tests/SpeculativeDecodingTests/rules/\(test)").contains("`\(guide)`"))
    #expect(try Self.text("docs/README.md").contains("(rules/\(rule).md)"))
  }
}
