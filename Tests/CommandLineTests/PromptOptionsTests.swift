import Certification
import Foundation
import Testing

@Suite struct PromptOptionsTests {
  private func prompt(_ arguments: [String], _ folder: Folder) async throws -> [Int] {
    let result = try await Command.run(["generate", "--tokens", "2", "--json"] + arguments, in: folder)
    #expect(result.status == 0 && result.error == "")
    return try #require([String: Any](json: result.output)["prompt"] as? [Int])
  }

  /// A file's prompt is that of the argument, without the end of its last line.
  @Test func aPromptComesFromAFile() async throws {
    let text = "- In the\n\nbeginning "
    let folder = try Folder(["a": text, "b": text + "\n", "c": text + "\r\n", "d": text + "\n\n", "e": "", "f": "\n"])
    let expected = try await prompt(["--prompt=\(text)"], folder)
    for name in ["a", "b", "c"] { #expect(try await prompt(["--prompt-file", name], folder) == expected) }
    #expect(try await prompt(["--prompt-file", "d"], folder) == expected + [10])
    for name in ["e", "f"] { #expect(try await prompt(["--prompt-file", name], folder) == prompt([], folder)) }
    let piped = try await Shell.run(
      "cat b | \"$RSD\" generate --tokens 2 --json --prompt-file - >1; \"$RSD\" generate --tokens 2 --json --prompt-file - <b >2",
      in: folder)
    #expect(piped.status == 0 && piped.error == "")
    for name in ["1", "2"] { #expect(try [String: Any](json: folder.data(name))["prompt"] as? [Int] == expected) }
  }

  /// Arguments end at 128 KiB; a file's prompt is as long as the model's context, and says so beyond.
  @Test func aPromptMayBeLongerThanArguments() async throws {
    let folder = try Folder(["long": String(repeating: "a", count: 200_000)])
    let result = try await Command.run(["generate", "--prompt-file", "long"], in: folder)
    #expect(
      result.error == "rsd: the prompt has 200001 tokens, and the model's context holds 1024; shorten the prompt\n")
    #expect(result.status == 65)
  }

  @Test func oneWayToSayItIsEnough() async throws {
    for other in [["--prompt", "a"], ["--prompt-tokens", "1"]] {
      let result = try await Command.run(["generate", "--prompt-file", "a"] + other, in: Folder())
      #expect(result.status == 64)
      #expect(result.error.contains("--prompt-file"))
      #expect(result.error.contains("are two ways to say it; leave one out"))
    }
  }
}
