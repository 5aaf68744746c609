import Foundation
@testable import Ports
import SpeculativeDecoding
import Testing
import ToyModels

@testable import Certification

/// What a port may write, and what is refused of it.
@Suite struct PortMessageTests {
  static let message: SampleMessage = {
    // A pair of this package's own suite: three tokens, four of them tested, an end token.
    let pair = try! ModelPair.suite()[0]
    let instance = Instance(
      method: .rsdC(branching: [2, 2]), pair: pair, profile: .plain, profileName: "plain", endToken: 2)
    return try! SampleMessage(instance)
  }()

  func answer(_ json: String) throws -> SampleAnswer {
    try SampleAnswer(try PortAnswer(line: Array(json.utf8)), to: Self.message, count: 10, ordered: false)
  }

  @Test func countsThatAddUpAreTaken() throws {
    let answer = try answer(
      #"{"id":1,"counts":{"0 1 0 1":6,"0 2":3,"2":1,"1 1 1 1":0},"rounds":{"1":4,"3":6},"secondRounds":{"0":7,"2":3},"more":[]}"#
    )
    #expect(answer.sequences == [[0, 1, 0, 1]: 6, [0, 2]: 3, [2]: 1])
    #expect(answer.rounds == [1: 4, 3: 6])
    #expect(answer.secondRounds == [0: 7, 2: 3])
  }

  @Test func sequencesInOrderAreCountedToo() throws {
    let texts = (0..<10).map { $0 % 2 == 0 ? "\"0 0 0 0\"" : "\"2\"" }.joined(separator: ",")
    let answer = try answer("{\"id\":1,\"sequences\":[\(texts)]}")
    #expect(answer.ordered.count == 10)
    #expect(answer.ordered[1] == [2])
    #expect(answer.sequences == [[0, 0, 0, 0]: 5, [2]: 5])
    #expect(answer.rounds == nil)
  }

  @Test(arguments: [
    #"{"id":1}"#, #"{"id":1,"counts":{"0 1 0 1":9}}"#, #"{"id":1,"counts":{"0 1 0 1":11}}"#,
    #"{"id":1,"counts":{"0 1 0 1":-1,"0 0 0 0":11}}"#, #"{"id":1,"counts":{"0 1 0 1 0":10}}"#,
    #"{"id":1,"counts":{"0 1 0":10}}"#, #"{"id":1,"counts":{"":10}}"#, #"{"id":1,"counts":{"0 1 0 3":10}}"#,
    #"{"id":1,"counts":{"0 1  0 1":10}}"#, #"{"id":1,"counts":{"00 1 0 1":10}}"#,
    #"{"id":1,"counts":{"0 1 0 -1":10}}"#, #"{"id":1,"counts":{"0 1 0 99999999999999999999":10}}"#,
    #"{"id":1,"counts":{"0 1 0 1":9223372036854775807,"0 0 0 0":9223372036854775807}}"#,
    #"{"id":1,"counts":{"0 1 0 1":9.5,"0 0 0 0":0.5}}"#, #"{"id":1,"counts":[10]}"#,
    #"{"id":1,"counts":{"2":10},"rounds":{"1":9}}"#, #"{"id":1,"counts":{"2":10},"rounds":{"4":10}}"#,
    #"{"id":1,"counts":{"2":10},"rounds":{"0":10}}"#, #"{"id":1,"counts":{"2":10},"rounds":{"01":10}}"#,
    #"{"id":1,"counts":{"2":10},"secondRounds":{"0":9}}"#, #"{"id":1,"counts":{"2":10},"secondRounds":{"4":10}}"#,
    #"{"id":1,"counts":{"2":10},"secondRounds":{"00":10}}"#, #"{"id":1,"counts":{"2":10},"secondRounds":[10]}"#,
    #"{"id":1,"counts":{"2":10},"rounds":{"1":-1,"2":11}}"#, #"{"id":1,"sequences":["2"]}"#,
  ])
  func whatDoesNotAddUpIsRefused(json: String) {
    #expect(throws: PortFailure.self) { try answer(json) }
  }

  @Test(arguments: [
    "", "nonsense", "[1,2]", "{\"id\":1", "{\"id\":1,\"id\":1}", "{\"id\":NaN}", "{\"id\":1}{}", "\u{0}",
    "{\"id\":\"1\"}",
    "{\"id\":1e400}",
  ])
  func whatIsNoObjectIsRefused(line: String) {
    #expect(throws: PortFailure.self) { try PortAnswer(line: Array(line.utf8)) }
  }

  @Test func aTokenAfterTheEndTokenIsTheLawsToJudge() throws {
    // It is no broken protocol but a wrong decoder: its sequence has probability 0.
    #expect(try answer(#"{"id":1,"counts":{"2 0 0 0":10}}"#).sequences == [[2, 0, 0, 0]: 10])
  }

  @Test func aRequestIsOneObjectWithTheProtocolsKeys() throws {
    let text = Self.message.text(id: 7, count: 20, seed: .max)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let keys = [
      "op", "id", "rule", "branching", "target", "draft", "prompt", "length", "count", "seed", "profile", "endToken",
    ]
    #expect(Set(object.keys) == Set(keys))
    #expect(object["seed"] as? String == "18446744073709551615")
    #expect(!text.contains("\n"))
    #expect(!text.contains("/"))
    #expect(Self.message.text(id: 7, count: 20, seed: 1, ordered: true).contains("\"ordered\":true"))
  }

  @Test func hellosAreChecked() {
    let right = PortHello(name: "p", version: "1", rules: ["sd"], ops: ["sample"], profile: ["top-k"], uniformBits: 24)
    #expect(right.problem == nil)
    var wrong = Array(repeating: right, count: 8)
    wrong[0].name = ""
    wrong[1].rules = []
    wrong[2].rules = ["sd", "sd"]
    wrong[3].rules = ["speculative"]
    wrong[4].ops = ["guess"]
    wrong[5].profile = ["typical"]
    wrong[6].uniformBits = 16
    wrong[7].ops = []
    for hello in wrong { #expect(hello.problem != nil) }
  }

  @Test func aProfileNeedsTheStepsThatItTakes() throws {
    let hello = PortHello(name: "p", version: "1", rules: ["sd"], ops: ["sample"], profile: ["temperature", "top-k"])
    #expect(hello.missingStep(of: .plain) == nil)
    #expect(hello.missingStep(of: try SamplingProfile(temperature: 0, topK: 2)) == nil)
    #expect(hello.missingStep(of: try SamplingProfile(temperature: 0.5, topP: 0.9)) == "top-p")
    #expect(hello.missingStep(of: try SamplingProfile(minP: 0.1)) == "min-p")
  }
}
