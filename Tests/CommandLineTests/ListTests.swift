import Certification
import Foundation
import Testing

/// Every list of cases as programs read it.
@Suite struct ListTests {
  @Test(arguments: [
    (["prove"], "id"), (["prove", "--rule", "sd"], "id"), (["certify", "--port", "never-started"], "id"),
    (["certify", "--port", "never-started", "--quick", "--rule", "rsd-s"], "id"),
  ])
  func listsHaveTheRowsOfTheText(arguments: [String], key: String) async throws {
    let folder = try Folder()
    let text = try await Command.run(arguments + ["--list"], in: folder)
    let json = try await Command.run(arguments + ["--list", "--json"], in: folder)
    #expect(text.status == 0 && json.status == 0 && json.error == "")
    let rows = try #require(try JSONSerialization.jsonObject(with: json.output) as? [[String: Any]])
    let names = rows.compactMap { $0[key] as? String }
    #expect(names == text.text.split(separator: "\n").map(String.init))
    #expect(names.count > 3 && rows.allSatisfy { $0["rule"] is String })
  }

  @Test func aServersPlanIsOneObject() async throws {
    let server = ["certify", "--server", "http://localhost:1", "--against", "http://localhost:2", "--list"]
    let (text, json) = (
      try await Command.run(server, in: Folder()), try await Command.run(server + ["--json"], in: Folder())
    )
    let plan = try [String: Any](json: json.output)
    #expect((plan["prompts"] as? [String])?.count ?? 0 > 1)
    let requests = try #require(plan["mostRequests"] as? Int)
    #expect(text.text.filter { $0 != "," }.contains("in \(requests) requests at most"))
  }

  @Test func theSuitesPlansAreOneObject() async throws {
    let json = try await Command.run(["certify", "--list", "--json"], in: Folder())
    #expect((try [String: Any](json: json.output)["cases"] as? [Any])?.count ?? 0 > 50)
    let defects = try await Command.run(["defects", "--json"], in: Folder())
    #expect((try JSONSerialization.jsonObject(with: defects.output) as? [Any])?.count ?? 0 > 50)
  }
}
