import Certification
import Foundation
import Testing

/// `rsd port`: this package as a port.
@Suite struct PortServerTests {
  /// Feeds lines to `rsd port`, and returns its answers.
  static func answers(_ lines: [String], _ arguments: [String] = []) async throws -> [[String: Any]] {
    let folder = try Folder(["requests": lines.joined(separator: "\n") + "\n"])
    let process = Command.process(["port"] + arguments, in: folder)
    process.standardInput = .file(folder.url.appending(path: "requests"))
    let output = try folder.stream()
    process.standardOutput = .file(output)
    #expect(try await Command.end(of: process) == 0)
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    withExtendedLifetime(folder) {}
    return try text.split(separator: "\n").map { try [String: Any](json: Data($0.utf8)) }
  }

  static let rows = #"{"vocabulary":3,"order":1,"rows":{"0":[0.5,0.25,0.25],"1":[0.25,0.5,0.25],"2":[0,0.5,0.5]}}"#

  static func sample(
    id: Int = 1, shape: String = #""rule":"rsd-c","branching":[2,2]"#, count: Int = 1000, seed: String = "9184",
    more: String = ""
  ) -> String {
    #"{"op":"sample","id":\#(id),\#(shape),"target":\#(rows),"draft":\#(rows),"prompt":[0],"length":4,"#
      + #""count":\#(count),"seed":"\#(seed)","profile":{"temperature":1,"topK":0,"topP":1},"endToken":null\#(more)}"#
  }

  @Test func theProtocolsOwnExamplesAreAnswered() async throws {
    let verify =
      #"{"op":"verify","id":2,"rule":"rsd-c","nodes":[{"parent":-1,"token":2,"draft":[0.25,0.25,0.5]}],"#
      + #""target":{"-1":[0.5,0.25,0.25],"0":[1,0,0]},"uniforms":[0.31,0.77,0.05]}"#
    let answers = try await Self.answers([#"{"op":"hello","protocol":"rsd-port/1"}"#, Self.sample(), verify])
    #expect(answers[0]["name"] as? String == "rsd")
    #expect(answers[1]["id"] as? Int == 1)
    let counts = try #require(answers[1]["counts"] as? [String: Int])
    #expect(counts.values.reduce(0, +) == 1000)
    #expect(counts.keys.allSatisfy { $0.split(separator: " ").count == 4 })
    #expect((answers[1]["rounds"] as? [String: Int])?.values.reduce(0, +) == 1000)
    #expect(answers[2]["accepted"] as? [Int] == [0])
    #expect(answers[2]["token"] as? Int == 0)
    #expect(answers[2]["used"] as? Int == 2)
  }

  @Test func everyRuleSamples() async throws {
    let shapes = [
      #""rule":"autoregressive""#, #""rule":"sd","depth":2"#, #""rule":"specinfer","branching":[2,1]"#,
      #""rule":"spectr","width":2,"depth":2"#, #""rule":"rsd-c","branching":[2]"#,
      #""rule":"rsd-s","width":2,"depth":2"#,
    ]
    for answer in try await Self.answers(shapes.map { Self.sample(shape: $0) }) {
      #expect((answer["counts"] as? [String: Int])?.values.reduce(0, +) == 1000)
    }
  }

  @Test func seedsDetermineTheAnswer() async throws {
    let lines = [Self.sample(), Self.sample(), Self.sample(seed: "9185")]
    let counts = try await Self.answers(lines).map { $0["counts"] as? [String: Int] }
    #expect(counts[0] == counts[1])
    #expect(counts[0] != counts[2])
    let ignored = try await Self.answers(lines, ["--defect", "seed-ignored"]).map { $0["counts"] as? [String: Int] }
    #expect(ignored[0] == ignored[2])
  }

  @Test func sequencesComeInOrderAndAgreeWithTheCounts() async throws {
    let answers = try await Self.answers([Self.sample(), Self.sample(more: #","ordered":true"#)])
    let sequences = try #require(answers[1]["sequences"] as? [String])
    #expect(answers[1]["counts"] == nil)
    #expect(sequences.count == 1000)
    #expect(sequences.reduce(into: [:]) { $0[$1, default: 0] += 1 } == answers[0]["counts"] as? [String: Int])
  }

  @Test func whatNobodyCanAnswerIsInvalidAndWhatThisPortCannotIsNotSupported() async throws {
    let invalid = [
      "nonsense", "[]", #"{"op":"sample"}"#, #"{"op":"sample","id":1}"#, Self.sample(count: 0), Self.sample(count: -1),
      Self.sample(seed: "-1"), Self.sample(seed: "01"), Self.sample(seed: "18446744073709551616"),
      Self.sample(shape: #""rule":"rsd-c","depth":2"#), Self.sample(shape: #""rule":"rsd-c","branching":[]"#),
      Self.sample(shape: #""rule":"rsd-s","width":99999,"depth":99999"#), Self.sample(count: Int.max),
      Self.sample().replacingOccurrences(of: "\"prompt\":[0]", with: "\"prompt\":[7]"),
      Self.sample().replacingOccurrences(of: "\"endToken\":null", with: "\"endToken\":9"),
      Self.sample().replacingOccurrences(of: "0.5,0.25,0.25", with: "0.5,0.25,0.2"),
      Self.sample().replacingOccurrences(of: "\"topP\":1", with: "\"topP\":0"),
      Self.sample().replacingOccurrences(of: "\"length\":4", with: "\"length\":0"),
      #"{"op":"verify","id":1,"rule":"rsd-c","nodes":[],"target":{"-1":["NaN"]},"uniforms":[0.5]}"#,
      #"{"op":"verify","id":1,"rule":"rsd-c","nodes":[],"target":{"-1":[1]},"uniforms":[]}"#,
      #"{"op":"verify","id":1,"rule":"rsd-c","nodes":[{"parent":9223372036854775807,"token":0,"draft":[1]}],"#
        + #""target":{"-1":[1],"0":[1]},"uniforms":[0.5]}"#,
    ]
    let answers = try await Self.answers(invalid)
    #expect(answers.count == invalid.count)
    for (line, answer) in zip(invalid, answers) {
      #expect(answer["status"] as? String == "invalid", "\(line)")
      #expect((answer["reason"] as? String)?.isEmpty == false)
    }
    let unknown = [
      #"{"op":"train","id":1}"#, Self.sample(shape: #""rule":"medusa""#), #"{"op":"hello","protocol":"rsd-port/2"}"#,
      Self.sample().replacingOccurrences(of: "\"topP\":1", with: "\"typicalP\":1"),
      #"{"op":"verify","id":1,"rule":"spectr","nodes":[],"target":{"-1":[1]},"uniforms":[0.5]}"#,
    ]
    for answer in try await Self.answers(unknown) { #expect(answer["status"] as? String == "notSupported") }
  }

  @Test func anUnknownDefectIsBadData() async throws {
    let result = try await Command.run(["port", "--defect", "no-such-defect"], in: Folder())
    #expect(result.status == 65)
    #expect(result.error == "rsd: no known defect is called \"no-such-defect\"; `rsd defects` lists them\n")
  }
}
