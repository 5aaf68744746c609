import Certification
import Foundation
import TestSupport
import Testing

@Suite(.optimised) struct BenchRoundTests {
  private struct Part: Decodable { let milliseconds, share: Double }
  private struct Report: Decodable {
    let model, rule, shape, arithmetic: String, draft: String?
    let threads, rounds: Int, tokensPerRound: Double
    let draftPasses, targetPass, sampling, drafting, verification, text, decoder, round: Part
  }

  /// The parts add up to the round; none is held to a speed.
  @Test(arguments: GenerateTests.rules)
  func partsAddUp(rule: [String]) async throws {
    let result = try await Command.run(
      ["bench", "round", "--json", "--tokens", "40", "--texts", "2", "--top-p", "0.9", "--temperature", "0.8"] + rule,
      in: Folder())
    try #require(result.status == 0 && result.error == "")
    let report = try JSONDecoder().decode(Report.self, from: result.output)
    #expect(report.rule == rule[1] && report.rounds > 4 && report.arithmetic == "deterministic")
    let decoder = [report.sampling, report.drafting, report.verification, report.text]
    let passes = [report.draftPasses, report.targetPass]
    for (parts, sum) in [(decoder, report.decoder), (decoder + passes, report.round)] {
      #expect(abs(parts.reduce(0) { $0 + $1.milliseconds } - sum.milliseconds) < 1e-6)
      #expect(abs(parts.reduce(0) { $0 + $1.share } - sum.share) < 1e-9)
    }
    #expect(report.round.share > 1 - 1e-9 && report.targetPass.milliseconds > 0)
    #expect((report.draftPasses.milliseconds > 0) == (rule[1] != "autoregressive"))
    for part in decoder { #expect(part.milliseconds > -0.05) }
    #expect(report.tokensPerRound >= 1)
  }

  @Test func theTableNamesTheParts() async throws {
    let result = try await Command.run(["bench", "round", "--tokens", "20"], in: Folder())
    #expect(result.status == 0)
    for part in ["draft passes", "target pass", "sampling profile", "drafting", "verification", "text", "round"] {
      #expect(result.text.contains("\n\(part)"))
    }
    let short = try await Command.run(["bench", "round", "--tokens", "1"], in: Folder())
    #expect(short.status == 65 && short.error.contains("ask for more --tokens"))
    let bad = try await Command.run(["bench", "round", "--texts", "0"], in: Folder())
    #expect(bad.status == 64 && bad.error.contains("--texts 0 is out of range"))
  }
}
