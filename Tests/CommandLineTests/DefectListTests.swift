import Certification
import Foundation
import TestSupport
import Testing

@Suite(.optimised) struct DefectListTests {
  /// To take a new table over, replace it at the end of docs/defects.md by `rsd defects list --markdown`.
  @Test func theDocumentsTableIsTheCommandsOutput() async throws {
    let result = try await Command.run(["defects", "list", "--markdown"], in: Folder())
    #expect(result.status == 0)
    #expect(result.error == "")
    let file = Command.repository.appending(path: "docs/defects.md")
    let document = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let start = try #require(document.range(of: "| Defect | What is wrong"))
    #expect(document[start.lowerBound...] == result.text)
  }

  /// A mark inside a cell would end it: a row has as many columns as the header.
  @Test func everyRowHasFourCells() async throws {
    let result = try await Command.run(["defects", "list", "--markdown"], in: Folder())
    let rows = result.text.replacing("\\|", with: "").split(separator: "\n")
    #expect(rows.count > 60)
    for row in rows { #expect(row.count(where: { $0 == "|" }) == 5, "\(row)") }
    #expect(result.text.contains("The residual is \\|q − p\\| instead of"))
  }

  @Test func jsonGivesNamesAndLinks() async throws {
    let result = try await Command.run(["defects", "list", "--json"], in: Folder())
    #expect(result.status == 0)
    let rows = try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]])
    let row = try #require(rows.first { $0["defect"] as? String == "end-token-ignored" })
    let sources = try #require(row["source"] as? [[String: String]])
    #expect(
      sources.first == [
        "name": "LostRuins/koboldcpp 1276", "link": "https://github.com/LostRuins/koboldcpp/issues/1276",
      ])
    #expect(sources.last == ["name": "sglang 31599"])
  }

  @Test func showGivesNamesAndLinks() async throws {
    let result = try await Command.run(["defects", "show", "end-token-ignored"], in: Folder())
    #expect(result.status == 0)
    #expect(
      result.text.contains(
        """
        Found in:
          LostRuins/koboldcpp 1276, https://github.com/LostRuins/koboldcpp/issues/1276

        """))
    #expect(result.text.contains("\n  sglang 31599\n"))
  }

  @Test func jsonAndMarkdownExcludeEachOther() async throws {
    let result = try await Command.run(["defects", "list", "--json", "--markdown"], in: Folder())
    #expect(result.status == 64)
    #expect(result.error.contains("--json and --markdown exclude each other; see `rsd defects list --help`"))
  }
}
