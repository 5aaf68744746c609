import Certification
import Foundation
import Testing

/// `rsd certify --model … --draft …`.
@Suite struct CertifyTransformersTests {
  static let pair = ["--model", "king-james-target", "--draft", "king-james-draft"]

  @Test func certifiesAPairAndVerifies() async throws {
    let folder = try Folder()
    let arguments = Self.pair + ["--rule", "rsd-s", "--rule", "spectr", "--text", "In the beginning"]
    let result = try await Command.run(["certify", "--output", "c.json"] + arguments, in: folder)
    #expect(result.error == "")
    #expect(result.status == 0)
    #expect(result.text.contains("rsd-s/2x2/in-the-beginning/top-k-2"))
    #expect(result.text.contains("certified: 2 of 2 cases pass"))
    let verified = try await Command.run(["verify", "c.json"], in: folder)
    #expect(verified.status == 0 && verified.text.contains("2 cases computed again, all agree"))
    let replayed = try await Command.run(["verify", "--replay", "c.json"], in: folder)
    #expect(replayed.status == 0 && replayed.error == "")
    let report = try await Command.run(["report", "c.json"], in: folder)
    #expect(report.status == 0)
    #expect(String(decoding: try folder.data("report.html"), as: UTF8.self).contains("2 of 2 cases pass"))
  }

  @Test(arguments: [
    ("\"samples\" : 2000", "\"samples\" : 1999"), ("\"targetEvaluations\"", "\"targetEvaluation\""),
    ("\"verdict\" : \"inconclusive\"", "\"verdict\" : \"certified\""),
  ])
  func tamperingIsFound(old: String, new: String) async throws {
    let text = String(decoding: try await Certificates.transformers.value, as: UTF8.self)
    #expect(text.contains(old))
    let folder = try Folder()
    try folder.write(text.replacingOccurrences(of: old, with: new), to: "c.json")
    #expect(try await [1, 65].contains(Command.run(["verify", "c.json"], in: folder).status))
  }

  @Test(arguments: ["law", "acceptance"])
  func aLawThatIsNotThePairsIsFound(key: String) async throws {
    var certificate = try [String: Any](json: await Certificates.transformers.value)
    var report = try #require(certificate["transformers"] as? [String: Any])
    var cases = try #require(report["cases"] as? [[String: Any]])
    var law = try #require(cases[0][key] as? [String: Double])
    let names = law.keys.sorted()
    (law[names[0]], law[names[1]]) = (law[names[1]], law[names[0]])
    cases[0][key] = law
    report["cases"] = cases
    certificate["transformers"] = report
    let folder = try Folder()
    try folder.write(try JSONSerialization.data(withJSONObject: certificate), to: "c.json")
    let result = try await Command.run(["verify", "c.json"], in: folder)
    #expect(result.status == 1)
    // The first probability that the embedded models do not have stands for the law.
    #expect(result.text.contains("transformers.\(key)[") && result.text.contains(", should be "))
  }

  @Test func certifiesPromptLookupAndVerifies() async throws {
    let folder = try Folder()
    let result = try await Command.run(
      [
        "certify", "--output", "c.json", "--model", "king-james-target", "--draft", "prompt-lookup", "--rule", "rsd-s",
        "--text", "the king of the ki",
      ], in: folder)
    #expect(result.status == 0 && result.error == "")
    for arguments in [["verify", "c.json"], ["verify", "--replay", "c.json"], ["report", "c.json"]] {
      let checked = try await Command.run(arguments, in: folder)
      #expect(checked.status == 0 && checked.error == "", "\(arguments): \(checked.text)\(checked.error)")
    }
  }

  @Test func evaluatingSomeDecodingsChangesNoCount() async throws {
    let folder = try Folder()
    let some = try await Certificates.promptLookup.value
    try folder.write(some, to: "some.json")
    let replayed = try await Command.run(["verify", "--replay", "some.json"], in: folder)
    #expect(replayed.status == 2 && replayed.error == "", "\(replayed.text)")
    let all = try await Command.run(
      [
        "certify", "--model", "king-james-target", "--draft", "prompt-lookup", "--lookup-order", "2", "--text",
        "the king of the ki", "--rule", "sd", "--rule", "rsd-s", "--samples", "2000", "--json",
      ], in: folder)
    let counts = try [some, all.output].map { data in
      let report = try #require(try [String: Any](json: data)["transformers"] as? [String: Any])
      return try #require(report["cases"] as? [[String: Any]]).map { $0["counts"] as? [String: Int] ?? [:] }
    }
    #expect(counts[0] == counts[1])
    #expect(counts[0].count == 2 && counts[0][1].values.reduce(0, +) == 2000)
  }

  /// Every parameter of the draft, and what was found of its laws, has consequences that are checked.
  @Test(arguments: [
    ("\"order\" : 2", "\"order\" : 1", 1), ("\"discount\" : \"1/4\"", "\"discount\" : \"1/2\"", 1),
    ("\"inconsistent\" : 0", "\"inconsistent\" : 1", 1), ("\"inconsistent\" : 0,", "", 1),
    ("\"evaluated\" : 500", "\"evaluated\" : 2001", 1), ("\"name\" : \"prompt-lookup\"", "\"name\" : \"other\"", 65),
    ("\"discount\" : \"1/4\"", "\"discount\" : \"quarter\"", 65),
  ])
  func tamperingWithPromptLookupIsFound(old: String, new: String, status: Int32) async throws {
    let text = String(decoding: try await Certificates.promptLookup.value, as: UTF8.self)
    #expect(text.contains(old))
    let folder = try Folder()
    try folder.write(text.replacingOccurrences(of: old, with: new), to: "c.json")
    let result = try await Command.run(["verify", "c.json"], in: folder)
    #expect(result.status == status, "\(result.text)\(result.error)")
  }

  @Test(arguments: [
    (["--model", "king-james-target"], 64, "--model and --draft go together; add --draft"),
    (["--text", "x"], 64, "--text goes with a transformer"),
    (["--model", "king-james-target", "--draft", "king-james-draft", "--quick"], 64, "--model brings its own cases"),
    (["--model", "king-james-target", "--draft", "prompt-lookup", "--lookup-order", "33"], 64, "it must be 0 to 32"),
    (
      ["--model", "king-james-target", "--draft", "king-james-draft", "--lookup-order", "2"], 64,
      "--lookup-order is for prompt look-up; add --draft prompt-lookup"
    ),
    (["--model", "king-james-target", "--draft", "prompt-lookup", "--evaluated=-1"], 64, "must be 0 to 1000000000000"),
    (["--evaluated", "9"], 64, "--evaluated goes with a transformer"),
    (["--model", "nowhere", "--draft", "king-james-draft"], 65, "nowhere: does not exist"),
    (
      ["--model", "king-james-target", "--draft", "king-james-draft", "--prompt", "256"], 65,
      "--prompt: token 256 is out of range; the vocabulary is 0...255"
    ),
    (
      ["--model", "king-james-target", "--draft", "king-james-draft", "--top-k", "9", "--depth", "3", "--rule", "sd"],
      65,
      "set --top-k 3 or less"
    ),
  ])
  func badInputIsOneLine(arguments: [String], status: Int32, words: String) async throws {
    let result = try await Command.run(["certify"] + arguments, in: Folder())
    #expect(result.status == status)
    #expect(result.error.contains(words), "\(result.error)")
  }
}
