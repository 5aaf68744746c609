import Certification
import CertificationTransformers
import Foundation
import Reports
import Testing

@testable import rsd

/// `rsd generate --compare` and `--sweep`: what they print holds together; the figures themselves are the machine's.
@Suite struct GenerateComparisonTests {
  struct Figure: Decodable { let value: Double, halfWidth: Double? }
  struct Row: Decodable {
    let rule, shape: String, budget: Int, evaluatedPerRound: Double, blockEfficiency: Figure, acceptance: Double
    let levelAcceptance: [Double], memoryBoundSpeedUp, tokensPerSecond: Double, speedUp: Figure
  }
  struct Ordering: Decodable { let ahead, behind, verdict: String, difference: Figure }
  struct Comparison: Decodable {
    let budget, texts, tokens: Int, seed: UInt64, sizeRatio: Double, rows: [Row], orderings: [Ordering]
    let isComplete: Bool
  }
  struct Sweep: Decodable { let shapes, texts, tokens: Int, rows: [Row], isComplete: Bool }

  static let small = ["--texts", "3", "--tokens", "24"]

  private func json<Report: Decodable>(_ arguments: [String], _ report: Report.Type) async throws -> Report {
    let result = try await Command.run(["generate", "--json"] + arguments, in: Folder())
    #expect(result.error == "")
    #expect(result.status == 0)
    return try JSONDecoder().decode(report, from: result.output)
  }

  @Test func everyRuleHasTheBudget() async throws {
    let report = try await json(["--compare", "--budget", "6"] + Self.small, Comparison.self)
    #expect(report.rows.map(\.rule) == ["autoregressive", "sd", "specinfer", "spectr", "rsd-c", "rsd-s"])
    #expect(report.budget == 6 && report.texts == 3 && report.tokens == 24 && report.isComplete)
    for row in report.rows {
      #expect(row.budget == (row.rule == "autoregressive" ? 0 : 6))
      #expect(row.evaluatedPerRound <= Double(row.budget))
      let efficiency = row.blockEfficiency.value
      #expect((1...7).contains(efficiency))
      #expect(abs(1 + row.acceptance * row.evaluatedPerRound - efficiency) < 1e-9)
      let depth = Double(row.levelAcceptance.count)
      #expect(abs(row.memoryBoundSpeedUp - efficiency / (report.sizeRatio * depth + 1)) < 1e-9)
      #expect(abs(row.speedUp.value - row.tokensPerSecond / report.rows[0].tokensPerSecond) < 1e-9)
      #expect(try #require(row.blockEfficiency.halfWidth) >= 0)
    }
    #expect(report.orderings.map { "\($0.ahead) \($0.behind)" } == ["rsd-s rsd-c", "rsd-c spectr", "spectr sd"])
    for ordering in report.orderings {
      let (value, half) = (ordering.difference.value, try #require(ordering.difference.halfWidth))
      #expect(ordering.verdict == (value - half >= 0 ? "holds" : value + half < 0 ? "fails" : "open"))
      func efficiency(_ rule: String) -> Double { report.rows.first { $0.rule == rule }?.blockEfficiency.value ?? 0 }
      #expect(abs(value - efficiency(ordering.ahead) + efficiency(ordering.behind)) < 1e-9)
    }
    // All but the times follows from the seed.
    let again = try await json(["--compare", "--threads", "1"] + Self.small, Comparison.self)
    #expect(again.rows.map(\.blockEfficiency.value) == report.rows.map(\.blockEfficiency.value))
    #expect(again.rows.map(\.shape) == report.rows.map(\.shape))
  }

  @Test func theTableIsEightyColumnsWide() async throws {
    for mode in [["--compare"], ["--sweep", "--rule", "sd"]] {
      let result = try await Command.run(["generate"] + mode + Self.small, in: Folder())
      #expect(result.status == 0)
      #expect(result.error == "")
      let lines = result.text.split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("autoregressive  –") })
      for line in lines.dropLast() { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test(arguments: [
    (#"{"value":1.234,"halfWidth":0.567}"#, "1.23 ± 0.57"), (#"{"value":12.34,"halfWidth":10.26}"#, "12.3 ± 10.3"),
    (#"{"value":3.21,"halfWidth":123.4}"#, "3 ± 123"), (#"{"value":9.999}"#, "10.00"),
  ])
  func largeIntervalsHaveFewerDigits(json: String, text: String) throws {
    let figure = try JSONDecoder().decode(ComparisonReport.Figure.self, from: Data(json.utf8))
    #expect(ComparisonTable.figure(figure, 2) == text)
  }

  @Test func oneTextHasNoInterval() async throws {
    let report = try await json(["--compare", "--texts", "1", "--tokens", "20", "--budget", "2"], Comparison.self)
    for row in report.rows { #expect(row.blockEfficiency.halfWidth == nil && row.speedUp.halfWidth == nil) }
    for ordering in report.orderings { #expect(ordering.verdict == "open") }
  }

  @Test func aSweepNamesTheFastest() async throws {
    let report = try await json(["--sweep", "--rule", "rsd-s", "--texts", "2", "--tokens", "16"], Sweep.self)
    #expect(report.isComplete && report.texts == 2 && report.shapes > 10)
    #expect(Set(report.rows.map(\.rule)) == ["autoregressive", "rsd-s"])
    #expect(report.rows.count == 7)
    #expect(report.rows.map(\.tokensPerSecond) == report.rows.map(\.tokensPerSecond).sorted(by: >))
    #expect(report.rows.first { $0.rule == "autoregressive" }?.speedUp.value == 1)
  }
}
