import Certification
import Foundation
import SpeculativeDecoding
import TestSupport
import Testing

/// The rules' guides print what `rsd trace` prints, and count the suite's cases as the suite does.
@Suite struct RuleGuideTests {
  static func guide(_ rule: Rule) throws -> String {
    try String(contentsOf: Command.repository.appending(path: "docs/rules/\(rule).md"), encoding: .utf8)
  }

  @Test(arguments: Rule.all)
  func tracesAreThoseOfTheCommand(rule: Rule) async throws {
    let guide = try Self.guide(rule)
    let start = try #require(guide.range(of: "    rsd trace --rule \(rule)\n"), "docs/rules/\(rule).md shows no trace")
    let section = guide[start.upperBound...].split(separator: "\n## ")[0]
    // Every other part between fences.
    let blocks = section.split(separator: "```", omittingEmptySubsequences: false).enumerated()
      .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    let shown = blocks.joined(separator: "\n").split(separator: "\n").filter { $0 != "..." }
    #expect(shown.count >= 3)
    let result = try await Command.run(["trace", "--rule", rule.name], in: Folder())
    let printed = result.text.split(separator: "\n")
    for line in shown { #expect(printed.contains(line), "docs/rules/\(rule).md: `rsd trace` does not print \(line)") }
  }

  @Test(arguments: Rule.all)
  func casesAreCountedAsTheSuiteDoes(rule: Rule) throws {
    let cases = try DefaultSuite.suite(of: [rule]).cases
    let guide = try Self.guide(rule)
    let row = try #require(
      guide.split(separator: "\n").first { $0.contains("make certify ARGS=\"--rule \(rule)\"") })
    #expect(row.contains(" \(cases.count) cases"), "docs/rules/\(rule).md: the suite has \(cases.count) cases")
    for shape in Set(cases.map(\.method.shape.text)) where !shape.isEmpty {
      #expect(row.contains(shape), "docs/rules/\(rule).md: the suite has cases of the shape \(shape)")
    }
  }
}
