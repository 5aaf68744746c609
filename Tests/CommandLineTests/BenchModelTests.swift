import Certification
import Foundation
import Testing

@Suite struct BenchModelTests {
  private struct Row: Decodable {
    let kind, precision, arithmetic: String
    let threads, newTokens, passes: Int
    let milliseconds, tokensPerSecond, gigabytesPerSecond, gigaflops, memoryLimit, arithmeticLimit: Double
  }

  /// What is measured, and that figures fit together; none is held to a speed.
  @Test func everyFigureIsThereForEachNumberOfThreads() async throws {
    let result = try await Command.run(
      [
        "bench", "model", "--model", "king-james-target", "--threads", "2,1", "--seconds", "0.001", "--json",
        "--arithmetic", "fast", "--precision", "f32",
      ], in: Folder())
    try #require(result.status == 0 && result.error == "")
    let rows = try JSONDecoder().decode([Row].self, from: result.output)
    let verified = [1, 2, 4, 8, 12, 16, 24, 32]
    #expect(rows.map(\.threads) == Array(repeating: 2, count: 10) + Array(repeating: 1, count: 10))
    for block in [rows.prefix(10), rows.suffix(10)] {
      #expect(block.map(\.kind) == ["decoding"] + verified.map { _ in "verification" } + ["prompt"])
      #expect(block.map(\.newTokens) == [1] + verified + [128])
    }
    for row in rows {
      #expect(row.precision == "f32" && row.arithmetic == "fast" && row.passes >= 3)
      #expect(abs(row.tokensPerSecond * row.milliseconds / Double(1000 * row.newTokens) - 1) < 1e-6)
      #expect(row.memoryLimit > 0 && row.arithmeticLimit > 0)
      // A weight of F32 is four bytes and two operations a token; panels are padded.
      let ratio = row.gigabytesPerSecond * Double(row.newTokens) * 2 / row.gigaflops
      #expect(ratio >= 4 * (1 - 1e-6) && ratio < 4.5)
    }
  }

  @Test func theTableHasARowAFigure() async throws {
    let result = try await Command.run(
      ["bench", "model", "--model", "king-james-draft", "--threads", "1", "--seconds", "0.001"], in: Folder())
    #expect(result.status == 0 && result.text.count { $0 == "\n" } == 11)
    let bad = try await Command.run(["bench", "model", "--model", "king-james-draft", "--threads", "0"], in: Folder())
    #expect(bad.status == 64 && bad.error.contains("--threads 0 is out of range"))
  }
}
