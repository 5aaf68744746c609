import Certification
import Foundation
import SpeculativeDecoding
import TestSupport
import Testing

@Suite(.optimised) struct VectorFileTests {
  /// The error's one line for a file with one change in its text.
  static func reason(replacing old: String, with new: String) throws -> String? {
    let text = String(decoding: try DirectedVectorFiles.data("sd.json"), as: UTF8.self)
    let range = try #require(text.range(of: old), "\(old) is not in sd.json")
    do {
      _ = try VectorFile(json: Data(text.replacingCharacters(in: range, with: new).utf8), name: "sd.json")
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: [
    ("\"tcId\": 3002,", "\"tcId\": 3001,", "tcId 3001: the tcId occurs twice"),
    ("\"numberOfTests\": ", "\"numberOfTests\": 1", "numberOfTests is 1"),
    ("\"uniformBits\": 24,", "\"uniformBits\": \"24\",", "uniformBits"),
    ("\"uniformBits\": 24,", "\"uniformBits\": 24, \"bits\": 1,", "unknown key \"bits\""),
    ("\"draft\": [0.5, 0.5, 0]", "\"draft\": [0.5, \"half\", 0]", "\"half\" is neither a number"),
    ("\"token\": 2, \"used\": 2", "\"used\": 2", "the key \"token\" is missing"),
    ("\"flags\": [\"Acc", "\"flags\": [\"acc", "the flag acceptanceThreshold has no note"),
    ("\"result\": \"valid\"", "\"result\": \"invalid\"", "\"expected\" belongs to valid tests"),
    ("\"rule\": \"sd\"", "\"rule\": \"rsd-c\"", "the rule is rsd-c"),
    ("\"algorithm\": \"sd\",", "", "the key \"algorithm\" is missing"),
    ("\"testGroups\": [", "\"testGroups\": ", "sd.json"),
  ])
  func malformedFilesNameThePlace(old: String, new: String, words: String) throws {
    let reason = try #require(try Self.reason(replacing: old, with: new))
    let isInATest = !["numberOfTests", "algorithm", "testGroups"].contains { old.contains($0) }
    #expect(reason.hasPrefix(isInATest ? "sd.json: tcId 3001: " : "sd.json: "), "\(reason)")
    #expect(reason.contains(words) && !reason.contains("\n"), "\(reason)")
  }

  @Test func checkFindsAWrongExpectation() throws {
    var (name, file) = DirectedVectorFiles.files[2]
    var check = VectorCheck()
    check.run(file, name: name)
    #expect(check.differences.isEmpty && check.vectors == file.numberOfTests && check.inFloat > 100)
    file.testGroups[0].tests[0].expected!.used += 1
    let last = file.testGroups.count - 1
    file.testGroups[last].tests[0].result = .valid
    check = VectorCheck()
    check.run(file, name: name)
    #expect(check.differences.map(\.tcId).first == file.tests[0].tcId)
    #expect(check.differences.map(\.scalar).prefix(2) == ["Double", "Float"])
    #expect(check.differences.count == 3 && check.differences[2].got.hasPrefix("a refusal ("))
    #expect(check.differences[0].expected == "accepted [], token 2, used 3")
    #expect(check.differences[0].got == "accepted [], token 2, used 2")
  }

  @Test func acceptedRequestsThatMustBeRefusedAreDifferences() {
    var (name, file) = DirectedVectorFiles.files[0]
    file.testGroups[0].tests[0].result = .invalid
    file.testGroups[0].tests[0].expected = nil
    var check = VectorCheck()
    check.run(file, name: name)
    #expect(check.differences.map(\.expected) == ["a refusal"])
  }

  /// Each refusal names its own mistake, not another.
  @Test(arguments: [
    ("the target's law after the root has a NaN", "the target's law after the root: the probability of token 1 is not"),
    ("the target's law after the leaf is all zeros", "the target's law after node 1: the probabilities sum to 0.0"),
    (
      "the draft law of node 0 has a negative value and the sum 1",
      "the draft law of node 0: the probability of token 1"
    ),
    ("the draft law of node 0 has a token too few", "the draft law of node 0 has 2 tokens"),
    ("node 0 has the parent 1, which comes later", "node 0 has the parent 1; a parent is an earlier node"),
    ("the token 3 of 3", "token 3 in the tree (node 1) is out of range"),
    ("the end token -1", "token -1 in the end token is out of range"),
    ("a drafted token to which its draft gives probability 0", "node 0 has the token 0, which its draft law gives"),
    ("the target has no law after the leaf", "the target has no law after node 1"),
    ("two children of the root in a chain", "nodes 0 and 1 have the same parent"),
    ("u = 1", "uniform 0 is 1.0"), ("u is NaN", "uniform 1 is nan"),
    ("a uniform too few: none is left for the final token", "the round needs 3 uniforms and only 2 are given"),
  ])
  func refusalsNameTheMistake(comment: String, expected: String) throws {
    let test = try #require(
      DirectedVectorFiles.files.first { $0.name == "sd.json" }?.file.tests.first { $0.comment == comment })
    do {
      _ = try test.request.checked().outcome()
      Issue.record("not refused")
    } catch {
      #expect("\(error)".hasPrefix(expected), "\(error)")
    }
  }
}
