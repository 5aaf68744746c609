import Certification
import Foundation
import Testing

/// Models from GGUF files, and at other precisions, in the commands that open transformers.
@Suite struct PrecisionTests {
  private static let gguf = Command.repository.appending(path: "Fixtures/checkpoints/gguf/llama-bf16.gguf").path
  private static let folder = Command.repository.appending(path: "Fixtures/checkpoints/tiny/llama-bf16").path

  @Test func aGGUFFileHasTheLogitsOfItsFolder() async throws {
    let arguments = ["--tokens", "1,2,3,4,5", "--all", "--json"]
    let file = try await Command.run(["logits", "--model", Self.gguf] + arguments, in: Folder())
    let folder = try await Command.run(["logits", "--model", Self.folder] + arguments, in: Folder())
    #expect(file.status == 0 && file.error == "" && file.text == folder.text)
    // BF16 as F32 is exact, so that only the roundings are others: none.
    for precision in ["stored", "f32", "bf16"] {
      let result = try await Command.run(
        ["logits", "--model", Self.gguf, "--precision", precision] + arguments, in: Folder())
      #expect(result.text == file.text)
    }
  }

  @Test func aModelDraftsForItself() async throws {
    let text = ["--prompt", "And God said", "--tokens", "120", "--rule", "sd", "--depth", "4", "--json"]
    let pair = ["--model", "king-james-target", "--draft", "king-james-target"]
    let same = try await Command.run(["generate"] + pair + text, in: Folder())
    let coarse = try await Command.run(["generate"] + pair + ["--draft-precision", "q4_0"] + text, in: Folder())
    #expect(same.status == 0 && coarse.status == 0)
    let records = try [same, coarse].map { try [String: Any](json: $0.output) }
    #expect(records[0]["draftPrecision"] == nil && records[1]["draftPrecision"] as? String == "q4_0")
    #expect(records[1]["precision"] == nil)
    let acceptance = records.compactMap { $0["acceptance"] as? Double }
    #expect(acceptance[0] > acceptance[1] && acceptance[1] > 0.5)
  }

  @Test func aCertificateStatesThePrecision() async throws {
    let folder = try Folder()
    let arguments = [
      "certify", "--output", "c.json", "--model", "king-james-target", "--draft", "king-james-target",
      "--draft-precision", "q8_0", "--rule", "sd", "--text", "In the beginning", "--samples", "2000",
    ]
    let result = try await Command.run(arguments, in: folder)
    #expect([0, 2].contains(result.status), "\(result.error)")
    let report = try [String: Any](json: folder.data("c.json"))["transformers"] as? [String: Any]
    let draft = try #require(report?["draft"] as? [String: String])
    let target = try #require(report?["target"] as? [String: String])
    #expect(draft["precision"] == "q8_0" && target["precision"] == nil)
    #expect(draft["weights"] == target["weights"])
    #expect(try await Command.run(["verify", "c.json"], in: folder).status == result.status)
  }

  @Test func badOptionsAreOneLine() async throws {
    let cases: [([String], Int32, String)] = [
      (
        ["logits", "--model", Self.gguf, "--tokens", "1", "--precision", "q5_1"], 64, "rsd: The value 'q5_1' is invalid"
      ),
      (
        ["logits", "--model", Self.gguf, "--tokens", "1", "--precision", "q8_0"], 65,
        "rsd: \(Self.gguf): tensor blk.0.ffn_down.weight: its rows of 16 are no multiple of the 32 weights in a block"
      ),
      (
        ["generate", "--model", Self.gguf, "--rule", "autoregressive", "--draft-precision", "f32", "--prompt", "1"], 64,
        "rsd: --draft-precision goes with a draft"
      ),
      (["certify", "--precision", "f32"], 64, "rsd: --precision goes with a transformer; add --model and --draft"),
    ]
    for (arguments, status, message) in cases {
      let result = try await Command.run(arguments, in: Folder())
      #expect(result.status == status && result.text == "")
      #expect(result.error.hasPrefix(message), "\(result.error)")
      #expect(result.error.count { $0 == "\n" } == 1)
    }
  }
}
