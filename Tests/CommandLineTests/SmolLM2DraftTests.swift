import Certification
import Foundation
import TestSupport
import Testing

/// The draft that is shipped for SmolLM2 drafts for it.
@Suite struct SmolLM2DraftTests {
  private static let target = Command.repository.appending(path: "Models/SmolLM2-135M-Instruct.Q4_1.gguf").path
  private static let draft = Command.repository.appending(path: "Fixtures/checkpoints/smollm2-draft.gguf").path

  private struct Record: Decodable {
    let tokens: [Int], text, end: String, blockEfficiency, sizeRatio: Double
  }

  private struct Comparison: Decodable {
    struct Row: Decodable, Equatable { let rule: String, evaluatedPerRound: Double, levelAcceptance: [Double] }
    let rows: [Row]
  }

  /// The command of the README.
  ///
  /// The text is a law's, whatever is drafted; that it is short and about rivers is the model's merit, that a round
  /// yields more than 1.5 tokens the draft's.
  @Test(
    .long,
    .enabled(
      if: FileManager.default.fileExists(atPath: target),
      "Models/SmolLM2-135M-Instruct.Q4_1.gguf is not there; `make model` fetches it"))
  func aQuestionIsAnswered() async throws {
    let result = try await Command.run(
      [
        "generate", "--chat", "--model", Self.target, "--draft", Self.draft, "--prompt", "Name three rivers in Europe.",
        "--width", "6", "--depth", "4", "--temperature", "0.2", "--json",
      ], in: Folder())
    #expect(result.status == 0 && result.error == "")
    let record = try JSONDecoder().decode(Record.self, from: result.output)
    #expect(record.end == "end-token" && record.text.contains("Danube"))
    #expect(record.blockEfficiency > 1.5)
    #expect(record.sizeRatio > 0.10 && record.sizeRatio < 0.11)
  }

  /// A file of questions: each line is asked by the template, as the question alone is.
  @Test(
    .long,
    .enabled(
      if: FileManager.default.fileExists(atPath: target),
      "Models/SmolLM2-135M-Instruct.Q4_1.gguf is not there; `make model` fetches it"))
  func questionsOfAFileAreAsked() async throws {
    let (first, second) = ("Name three rivers in Europe.", "What is the capital of France?")
    let folder = try Folder(["one.txt": first + "\n", "two.txt": "\(first)\n\(second)\n"])
    func rows(_ arguments: [String]) async throws -> [Comparison.Row] {
      let result = try await Command.run(
        [
          "generate", "--compare", "--model", Self.target, "--draft", Self.draft, "--budget", "2", "--texts", "2",
          "--tokens", "12", "--json",
        ] + arguments, in: folder)
      #expect(result.status == 0, "\(result.error)")
      return try JSONDecoder().decode(Comparison.self, from: result.output).rows
    }
    let asked = try await rows(["--chat", "--prompts", "one.txt"])
    #expect(asked == (try await rows(["--chat", "--prompt", first])))
    #expect(asked != (try await rows(["--prompts", "one.txt"])))
    #expect(asked != (try await rows(["--chat", "--prompts", "two.txt"])))
  }

  @Test func theDraftSaysWhatItIs() async throws {
    let result = try await Command.run(["inspect", Self.draft], in: Folder())
    #expect(result.status == 0)
    #expect(result.text.contains("apache-2.0") && result.text.contains("14,189,824"))
  }
}
