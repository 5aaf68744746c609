import Certification
import Foundation
import Testing

/// `--arithmetic fast` in the commands that run transformers.
@Suite struct FastArithmeticTests {
  static let certify = [
    "certify", "--output", "c.json", "--model", "king-james-target", "--draft", "king-james-draft", "--rule", "rsd-s",
    "--text", "In the beginning", "--samples", "2000", "--arithmetic",
  ]

  @Test func generationSaysSo() async throws {
    let text = ["generate", "--json", "--prompt", "And God said", "--tokens", "30", "--arithmetic"]
    let fast = try [String: Any](json: try await Command.run(text + ["fast"], in: Folder()).output)
    let deterministic = try [String: Any](json: try await Command.run(text + ["deterministic"], in: Folder()).output)
    #expect(fast["arithmetic"] as? String == "fast" && deterministic["arithmetic"] == nil)
    let again = try [String: Any](
      json: try await Command.run(text + ["fast", "--threads", "1"], in: Folder()).output)
    #expect(again["tokens"] as? [Int] == fast["tokens"] as? [Int])
  }

  @Test func logitsAreNearlyTheSame() async throws {
    func row(_ arithmetic: String) async throws -> [Double] {
      let result = try await Command.run(
        ["logits", "--model", "king-james-target", "--tokens", "73,110,32", "--json", "--arithmetic", arithmetic],
        in: Folder())
      let top = try [String: Any](json: result.output)["top"] as? [[Double]]
      return try #require(top).map { $0[1] }
    }
    for (fast, other) in zip(try await row("fast"), try await row("deterministic")) {
      #expect(abs(fast - other) < 1e-2)
    }
  }

  @Test func aCertificateStatesTheDifference() async throws {
    let folder = try Folder()
    let result = try await Command.run(Self.certify + ["fast"], in: folder)
    #expect([0, 2].contains(result.status), "\(result.error)")
    #expect(result.text.hasPrefix("arithmetic: fast; from deterministic: logits by up to "))
    var certificate = try [String: Any](json: folder.data("c.json"))
    var report = try #require(certificate["transformers"] as? [String: Any])
    for role in ["target", "draft"] {
      let model = try #require(report[role] as? [String: Any])
      #expect(model["arithmetic"] as? String == "fast")
      let difference = try #require(model["difference"] as? [String: Double])
      #expect(difference["positions"] == 48)
      #expect(try #require(difference["largestLogit"]) < 1e-2)
      #expect(try (0..<1e-3).contains(#require(difference["meanDivergence"])))
      #expect(try (0..<1e-2).contains(#require(difference["largestTotalVariation"])))
    }
    #expect(try await Command.run(["verify", "c.json"], in: folder).status == result.status)
    let page = try await Command.run(["report", "c.json"], in: folder)
    #expect([0, 2].contains(page.status))
    #expect(String(decoding: try folder.data("report.html"), as: UTF8.self).contains("arithmetic: fast"))

    // A statement without its numbers, and one that no comparison gives.
    let honest = report
    for difference in [
      nil, ["positions": 48, "largestLogit": 0.1, "meanDivergence": 0.1, "largestTotalVariation": 1.5],
    ] {
      report = honest
      var target = try #require(report["target"] as? [String: Any])
      target["difference"] = difference
      report["target"] = target
      certificate["transformers"] = report
      try folder.write(try JSONSerialization.data(withJSONObject: certificate), to: "c.json")
      let verified = try await Command.run(["verify", "c.json"], in: folder)
      #expect(verified.status == 1 && verified.text.contains("with its difference from deterministic logits"))
    }
  }

  @Test func deterministicStatesNothing() async throws {
    let folder = try Folder()
    let result = try await Command.run(Self.certify + ["deterministic"], in: folder)
    #expect([0, 2].contains(result.status) && !result.text.contains("arithmetic"))
    let text = String(decoding: try folder.data("c.json"), as: UTF8.self)
    #expect(!text.contains("arithmetic") && !text.contains("largestLogit"))
  }

  @Test func badValuesAreOneLine() async throws {
    let bad = try await Command.run(["generate", "--arithmetic", "quick"], in: Folder())
    #expect(bad.status == 64 && bad.error.hasPrefix("rsd: The value 'quick' is invalid for '--arithmetic"))
    let alone = try await Command.run(["certify", "--arithmetic", "fast"], in: Folder())
    #expect(alone.status == 64 && alone.error.contains("--arithmetic goes with a transformer; add --model and --draft"))
  }
}
