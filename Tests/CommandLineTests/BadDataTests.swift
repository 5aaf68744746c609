import Certification
import Foundation
import Testing

/// What is wrong with files and models is one line on stderr, and ends with 65; unwritable output with 73.
@Suite struct BadDataTests {
  static let good = #"{"vocabulary":2,"order":0,"rows":{"":["1/2","1/2"]}}"#

  static let models: [(json: String, line: String)] = [
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[NaN,0.5]}}"#,
      "line 1, column 39: \"NaN\" is no JSON value (a number, a text in quotes, a list, an object, true, false or null)"
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[-0.5,1.5]}}"#,
      #"row "": the probability of token 0 is -0.5; probabilities are at least 0"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.25]}}"#,
      #"row "": the probabilities sum to 0.75; they must sum to 1 within 1e-09"#
    ),
    (#"{"vocabulary":0,"order":0,"rows":{"":[]}}"#, "vocabulary 0: a model needs at least one token"),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.5]},"x":1}"#,
      #"unknown key "x" in a model; its keys are vocabulary, order, rows, and if you like name and source"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5"#,
      "line 1, column 42: the file ends inside the list that begins at line 1, column 38; was it cut off?"
    ),
  ]

  /// As the target, as the draft, and for either command that reads models.
  @Test(arguments: models, [("certify", true), ("certify", false), ("trace", true)])
  func badModels(model: (json: String, line: String), use: (command: String, isTarget: Bool)) async throws {
    let folder = try Folder(["good.json": Self.good, "bad.json": model.json])
    let (target, draft) = use.isTarget ? ("bad.json", "good.json") : ("good.json", "bad.json")
    let rule = use.command == "trace" ? ["--rule", "sd"] : []
    let result = try await Command.run([use.command, "--target", target, "--draft", draft] + rule, in: folder)
    expect(result, 65, "bad.json: \(model.line)")
  }

  static let requests: [(arguments: [String], line: String)] = [
    (["--draft", "no.json"], "no.json: cannot be read; does the file exist, and may you read it?"),
    (["--draft", "."], ".: cannot be read; it is a folder"),
    (
      ["--draft", "three.json"],
      "good.json and three.json: the draft has 3 tokens, the target 2; both must have the same vocabulary"
    ),
    (["--draft", "good.json", "--prompt", "0,2"], "--prompt: token 2 is out of range; the vocabulary is 0...1"),
    (
      ["--draft", "good.json", "--end-token", "2"],
      "--end-token: token 2 is out of range; the vocabulary is 0...1"
    ),
    (
      ["--draft", "good.json", "--rule", "sd", "--length", "3"],
      "--length 3 cannot see a whole round of sd and what follows it; it needs draft length + 2 = 4"
    ),
    (
      ["--draft", "good.json", "--rule", "sd", "--depth", "25"],
      "case sd/25/custom/plain: the law of 27 tokens has more than 1048576 sequences; test fewer tokens, or set a top-k"
    ),
    // A greedy law has one sequence whatever its length, but that must still be counted by a number.
    (
      ["--draft", "good.json", "--rule", "sd", "--depth", "40", "--temperature", "0"],
      "sd would test 42 tokens jointly; over 2 tokens at most 39 can be counted, so make the tree shallower or --length "
        + "smaller"
    ),
    (
      ["--draft", "good.json", "--rule", "rsd-c", "--branching", "300,300"],
      "case rsd-c/300-300/custom/plain: the shape 300-300 asks for more than 65536 nodes a round; make it smaller"
    ),
    (
      ["--draft", "good.json", "--cases", "rsd-d/*"],
      "no case matches \"rsd-d/*\"; `rsd certify --list` shows them all"
    ),
  ]

  @Test(arguments: requests)
  func badRequests(arguments: [String], line: String) async throws {
    let three = #"{"vocabulary":3,"order":0,"rows":{"":["1/3","1/3","1/3"]}}"#
    let folder = try Folder(["good.json": Self.good, "three.json": three])
    expect(try await Command.run(["certify", "--target", "good.json"] + arguments, in: folder), 65, line)
  }

  @Test func noCaseOfTheSuiteMatches() async throws {
    let result = try await Command.run(["certify", "--quick", "--cases", "zzz"], in: Folder())
    expect(result, 65, "no case matches \"zzz\"; `rsd certify --list` shows them all")
  }

  @Test func unwritableOutputIsKnownBeforeTheRun() async throws {
    let folder = try Folder(["file": ""])
    for (path, reason) in [("no/c.json", "No such file or directory"), ("file/c.json", "Not a directory")] {
      let line = "\(path): cannot be written (\(reason)); does its folder exist?"
      expect(try await Command.run(["certify", "-o", path], in: folder), 73, line)
    }
    expect(try await Command.run(["certify", "-o", "."], in: folder), 73, ".: is a folder; name a file in it")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullStandardOutputIsAnError() async throws {
    let folder = try Folder()
    let process = Command.process(["certify", "--list"], in: folder)
    let error = try folder.stream()
    process.standardOutput = .file(URL(filePath: "/dev/full"))
    process.standardError = .file(error)
    #expect(try await Command.end(of: process) == 73)
    let line = "rsd: standard output cannot be written; is the disk full, or was it closed?\n"
    #expect(String(decoding: try Data(contentsOf: error), as: UTF8.self) == line)
  }

  private func expect(_ result: Command.Result, _ status: Int32, _ line: String) {
    #expect(result.error == "rsd: \(line)\n")
    #expect(result.status == status)
    #expect(result.text == "")
  }
}
