import Certification
import Foundation
import Testing

@testable import rsd

@Suite struct ArgumentsTests {
  /// A value that begins with "-" is its option's, unless it looks like an option itself.
  @Test(arguments: ["- a list", "-x", "-1", "-", "---", "-- a dash", "--- a rule", "-é", "-\n-", "--1", "-o=x"])
  func textsMayBeginWithDashes(text: String) async throws {
    let folder = try Folder()
    let model = ["tokenize", "--model", "king-james-target", "--json"]
    let (apart, joined) = (
      try await Command.run(model + ["--text", text], in: folder),
      try await Command.run(model + ["--text=\(text)"], in: folder)
    )
    #expect(apart.status == 0 && apart.error == "")
    #expect(apart.output == joined.output)
    #expect(apart.text.contains("\"tokens\":[\(text.utf8.map(String.init).joined(separator: ","))]"))
  }

  @Test func valuesOfEveryOptionMayBeginWithDashes() async throws {
    let folder = try Folder()
    let prompted = try await Command.run(
      ["generate", "--prompt", "- a list", "--tokens", "3", "--json"], in: folder)
    let prompt = try #require([String: Any](json: prompted.output)["prompt"] as? [Int])
    #expect(prompt == [10] + "- a list".utf8.map(Int.init))
    let models = ["--target", "\(Certificates.models)/target.json", "--draft", "\(Certificates.models)/draft.json"]
    let run = ["certify", "--rule", "sd", "--depth", "1", "--samples", "1000"] + models
    #expect(try await Command.run(run + ["-o", "-c.json"], in: folder).status == 2)
    #expect(try await Command.run(run + ["--output", "-d.json"], in: folder).status == 2)
    #expect(try folder.data("-c.json") == folder.data("-d.json"))
    let token = try await Command.run(run + ["--prompt", "-1"], in: folder)
    #expect(token.error.hasPrefix("rsd: --prompt -1 is out of range"))
  }

  /// A value that was forgotten takes no option in its place, spelled right or wrong.
  @Test(arguments: ["--json", "--tokens", "--tokns", "-h", "-o", "--seed=3"])
  func optionsAreNoValues(word: String) async throws {
    let result = try await Command.run(["generate", "--prompt", word, "3"], in: Folder())
    #expect(
      result.error
        == "rsd: Missing value for '--prompt <text>'; if \"\(word)\" is the value, write --prompt=\(word); see "
        + "`rsd generate --help`\n")
    #expect(result.status == 64 && result.text == "")
  }

  @Test func theEndOfOptionsIsNoValue() async throws {
    let result = try await Command.run(["generate", "--prompt", "--", "x"], in: Folder())
    #expect(result.error == "rsd: Missing value for '--prompt <text>'; see `rsd generate --help`\n")
    #expect(result.status == 64)
  }

  /// Swift's list of arguments repairs them: another text would be decoded, and another file read.
  @Test(arguments: [
    ("generate --tokens 3 --prompt \"$word\"", "argument 5", ", or give a file"),
    ("generate --tokens 3 --prompt=\"$word\"", "argument 4", ""), ("inspect \"$word\"", "argument 2", ""),
    ("\"$word\"", "argument 1", ""), ("certify -o \"$word\"", "argument 3", ""),
  ])
  func bytesThatAreNoUTF8AreRefused(arguments: String, place: String, advice: String) async throws {
    // Latin-1, an encoded surrogate, a character that is cut off.
    for (bytes, shown) in [
      (#"caf\351"#, #"caf\xE9"#), (#"\355\240\200"#, #"\xED\xA0\x80"#), (#"a\342\202"#, #"a\xE2\x82"#),
    ] {
      let result = try await Shell.run("word=$(printf '\(bytes)'); \"$RSD\" \(arguments)", in: Folder())
      let word = (arguments.contains("=\"") ? "--prompt=" : "") + shown
      #expect(result.error == "rsd: \(place), \"\(word)\", is not UTF-8; write it in UTF-8\(advice)\n")
      #expect(result.status == 64 && result.text == "")
    }
  }
}
