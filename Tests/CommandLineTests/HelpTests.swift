import Certification
import Foundation
import Testing

@Suite struct HelpTests {
  /// To take a new text over: `rsd certify --help > Tests/CommandLineTests/Snapshots/certify.txt`.
  @Test(arguments: [
    ("rsd", ["--help"]), ("rsd", []), ("rsd", ["help"]), ("certify", ["certify", "--help"]),
    ("certify", ["help", "certify"]),
    ("verify", ["verify", "--help"]), ("port", ["port", "--help"]),
    ("report", ["report", "--help"]),
    ("trace", ["trace", "-h"]),
    ("generate", ["generate", "--help"]),
    ("prove", ["prove", "--help"]), ("exact", ["exact", "--help"]), ("rounding", ["rounding", "--help"]),
    ("bench", ["bench", "--help"]), ("plan", ["plan", "--help"]), ("calibrate", ["calibrate", "--help"]),
    ("bench-proof", ["bench", "proof", "--help"]), ("bench-tokenizer", ["bench", "tokenizer", "--help"]),
    ("bench-model", ["bench", "model", "--help"]), ("bench-round", ["bench", "round", "--help"]),
    ("bench-toy", ["bench", "toy", "--help"]),
    ("vectors", ["vectors", "--help"]), ("vectors-write", ["vectors", "write", "--help"]),
    ("vectors-check", ["vectors", "check", "--help"]), ("witness", ["witness", "--help"]),
    ("defects", ["defects", "--help"]),
    ("logits", ["logits", "--help"]), ("inspect", ["inspect", "--help"]),
    ("defects-run", ["defects", "run", "--help"]),
    ("defects-matrix", ["defects", "matrix", "--help"]),
  ])
  func helpIsTheSnapshot(name: String, arguments: [String]) async throws {
    let snapshot = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name).txt")
    let result = try await Command.run(arguments, in: Folder())
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(result.text == String(decoding: try Data(contentsOf: snapshot), as: UTF8.self))
    for line in result.text.split(separator: "\n") { #expect(line.count <= 80) }
  }

  @Test func versionIsOneNumber() async throws {
    let result = try await Command.run(["--version"], in: Folder())
    #expect(result.status == 0)
    #expect(result.text.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }
}
