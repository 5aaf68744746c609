import Certification
import Foundation
import TestSupport
import Testing

/// `rsd generate --budget auto`: whatever is chosen on this machine, the text is that of the shape that is named.
@Suite struct GenerateBudgetTests {
  struct Candidate: Decodable {
    let rule, shape: String, budget: Int, tokensPerRound, milliseconds, tokensPerSecond: Double
  }
  struct Point: Decodable { let newTokens: Int, milliseconds: Double }
  struct Costs: Decodable { let target, draft: [Point], seconds: Double }
  struct Choice: Decodable { let candidates: [Candidate], rounds: Int, costs: Costs, seconds: Double }
  struct Record: Decodable { let rule, shape: String, tokens: [Int], choice: Choice? }

  static let text = ["generate", "--json", "--prompt", "And God said", "--tokens", "40", "--seed", "5"]

  private func options(_ rule: String, _ shape: String) -> [String] {
    let numbers = shape.split { "x-".contains($0) }.map(String.init)
    return switch rule {
    case "autoregressive": []
    case "sd": ["--depth", numbers[0]]
    case "spectr", "rsd-s": ["--width", numbers[0], "--depth", numbers[1]]
    default: ["--branching", numbers.joined(separator: ",")]
    }
  }

  @Test(arguments: ["sd", "specinfer", "spectr", "rsd-c", "rsd-s"])
  func theTextIsThatOfTheShapeThatIsNamed(rule: String) async throws {
    let result = try await Command.run(Self.text + ["--rule", rule, "--budget", "auto"], in: Folder())
    #expect(result.status == 0)
    let record = try JSONDecoder().decode(Record.self, from: result.output)
    let name = record.rule == "autoregressive" ? "plain decoding" : "\(rule) \(record.shape)"
    #expect(result.error.hasPrefix("--budget auto: \(name) of "))
    #expect(result.error.count { $0 == "\n" } == 1)
    let again = try await Command.run(
      Self.text + ["--rule", record.rule] + options(record.rule, record.shape), in: Folder())
    let other = try JSONDecoder().decode(Record.self, from: again.output)
    #expect(other.tokens == record.tokens && other.choice == nil)

    let choice = try #require(record.choice)
    #expect(choice.candidates[0].rule == record.rule && choice.candidates[0].shape == record.shape)
    #expect(choice.candidates.map(\.tokensPerSecond) == choice.candidates.map(\.tokensPerSecond).sorted(by: >))
    #expect(choice.candidates.count { $0.rule == "autoregressive" } == 1)
    #expect(Set(choice.candidates.map(\.shape)).count == choice.candidates.count)
    for candidate in choice.candidates {
      #expect(candidate.rule == "autoregressive" ? candidate.tokensPerRound == 1 : candidate.rule == rule)
      #expect(abs(candidate.tokensPerSecond * candidate.milliseconds / 1000 - candidate.tokensPerRound) < 1e-9)
    }
    #expect(choice.rounds >= 6 && choice.costs.target.count >= 3 && choice.costs.draft.count >= 3)
    for points in [choice.costs.target, choice.costs.draft] {
      #expect(points.map(\.newTokens) == points.map(\.newTokens).sorted() && points[0].newTokens == 1)
    }
  }

  /// The estimates of a seed do not depend on time; only what they are divided by does.
  @Test func acceptanceFollowsFromTheSeed() async throws {
    var estimates: [[String: Double]] = []
    for (threads, seed) in [("1", "5"), ("2", "5"), ("2", "6")] {
      let result = try await Command.run(
        Self.text + ["--budget", "auto:12", "--threads", threads, "--seed", seed], in: Folder())
      let choice = try #require(try JSONDecoder().decode(Record.self, from: result.output).choice)
      #expect(choice.rounds == 32)
      estimates.append(Dictionary(uniqueKeysWithValues: choice.candidates.map { ($0.shape, $0.tokensPerRound) }))
    }
    #expect(estimates[0].count > 10 && estimates[0] == estimates[1])
    #expect(estimates[1].keys == estimates[2].keys && estimates[1] != estimates[2])
  }

  /// The tree that is surveyed is the one that was asked for, whatever passes cost.
  @Test(arguments: [(31, "6x5"), (16, "4x4"), (12, "4x3"), (6, "3x2")])
  func theSurveyIsOfTheTreeThatIsNamed(size: Int, largest: String) async throws {
    let result = try await Command.run(Self.text + ["--rule", "rsd-s", "--budget", "auto:\(size)"], in: Folder())
    let choice = try #require(try JSONDecoder().decode(Record.self, from: result.output).choice)
    let trees = choice.candidates.filter { $0.rule == "rsd-s" }
    #expect(trees.max { $0.budget < $1.budget }?.shape == largest)
  }

  @Test(arguments: ["auto:7", "auto:", "auto:-6", "automatic"])
  func anotherSizeIsRefused(budget: String) async throws {
    let result = try await Command.run(Self.text + ["--budget", budget], in: Folder())
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.error.contains("--budget") && result.error.contains(budget))
  }

  @Test func aPromptThatFillsTheContextStillChooses() async throws {
    let tokens = Array(repeating: "65", count: 250).joined(separator: ",")
    let result = try await Command.run(
      ["generate", "--json", "--prompt-tokens", tokens, "--tokens", "500", "--budget", "auto", "--ignore-end"],
      in: Folder())
    #expect(result.status == 0)
    #expect(try JSONDecoder().decode(Record.self, from: result.output).choice != nil)
  }

  @Test(.long) func aSweepMeasuresWhatIsPromised() async throws {
    struct Row: Decodable { let rule, shape: String, promisedTokensPerSecond: Double? }
    struct Sweep: Decodable { let shapes, texts: Int, rows: [Row], isComplete: Bool }
    let arguments = ["generate", "--sweep", "--texts", "2", "--tokens", "12"]
    let result = try await Command.run(arguments + ["--budget", "auto:31", "--json"], in: Folder())
    #expect(result.status == 0 && result.error == "")
    let report = try JSONDecoder().decode(Sweep.self, from: result.output)
    #expect(Set(report.rows.map(\.rule)) == ["autoregressive", "sd", "specinfer", "spectr", "rsd-c", "rsd-s"])
    #expect(report.isComplete && report.texts == 2 && report.shapes > 50 && (7...11).contains(report.rows.count))
    for row in report.rows { #expect(try #require(row.promisedTokensPerSecond) > 0) }
    let table = try await Command.run(arguments + ["--rule", "sd", "--budget", "auto"], in: Folder())
    #expect(table.status == 0 && table.text.contains("Promised tokens/s: "))
  }
}
