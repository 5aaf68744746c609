import Certification
import Foundation
import Ports
import Testing

@Suite struct TraceTests {
  static let rules = PortProtocol.rules

  @Test(arguments: rules)
  func aSeedDecidesEverything(rule: String) async throws {
    var texts: Set<String> = []
    for seed in ["1", "2", "18446744073709551615"] {
      let arguments = ["trace", "--rule", rule, "--seed", seed]
      let result = try await Command.run(arguments, in: Folder())
      #expect(result.status == 0)
      #expect(result.error == "")
      #expect(try await Command.run(arguments, in: Folder()).output == result.output)
      texts.insert(result.text)
      texts.insert(try await Command.run(arguments + ["--replicate", "1"], in: Folder()).text)
    }
    // Other seeds and replicates use other uniforms, which the text shows.
    #expect(texts.count == 6)
  }

  /// What a round states must hold together, for any seed.
  @Test(arguments: rules, ["1", "2", "3", "4"])
  func aRoundHoldsTogether(rule: String, seed: String) async throws {
    struct Round: Decodable {
      struct Node: Decodable { let node, parent, token: Int, target: [Double], draft: [Double]?, repeats: Int? }
      struct Choice: Decodable {
        let purpose: String, uniform: Double, acceptance: Double?, accepted: Bool?, law: [Double]?, index: Int?
      }
      let rule, shape: String, prompt: [Int], nodes: [Node], choices: [Choice], accepted, tokens: [Int]
    }
    let result = try await Command.run(["trace", "--rule", rule, "--seed", seed, "--json"], in: Folder())
    let round = try JSONDecoder().decode(Round.self, from: result.output)
    #expect(round.rule == rule)
    #expect(round.prompt == [0])
    for (index, node) in round.nodes.enumerated() {
      #expect(node.node == index && node.parent < index)
      for law in [node.target, node.draft ?? [1]] { #expect(abs(law.reduce(0, +) - 1) < 1e-12) }
    }
    for choice in round.choices {
      #expect((0..<1).contains(choice.uniform))
      if let acceptance = choice.acceptance { #expect(choice.accepted == (choice.uniform < acceptance)) }
      if let law = choice.law, let index = choice.index {
        #expect(law[index] > 0)
        #expect(law[..<index].reduce(0, +) <= choice.uniform + 1e-12)
        #expect(choice.uniform < law[...index].reduce(0, +) + 1e-12)
      }
    }
    // The accepted nodes are a path from the root; one token more follows, from the residual or as the bonus.
    #expect(round.tokens.count == round.accepted.count + 1)
    var parent = 0
    for (node, token) in zip(round.accepted, round.tokens) {
      #expect(round.nodes[node].parent == parent && round.nodes[node].token == token)
      parent = node
    }
    let last = try #require(round.choices.last)
    #expect(["residual", "bonus"].contains(last.purpose) && last.index == round.tokens.last)
  }

  @Test func ownModelsAndPromptsAreTraced() async throws {
    let result = try await Command.run(
      [
        "trace", "--rule", "rsd-c", "--branching", "3", "--target", "\(Certificates.models)/target.json", "--draft",
        "\(Certificates.models)/draft.json", "--prompt", "1,2",
      ], in: Folder())
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "rsd-c 3 after [1, 2]")
    #expect(lines.contains("    draft  (0.4000, 0.4000, 0.2000)"))
    #expect(lines.contains("    target (0.6667, 0.3333, 0.0000)"))
  }
}
