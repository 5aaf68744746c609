import Probability
import SpeculativeDecoding
import ToyModels

/// One round of the production decoder, written down step by step.
package struct RoundTrace: Hashable, Sendable, Codable {
  /// A drafted node.
  package struct Node: Hashable, Sendable, Codable {
    /// The node's number; the root is 0.
    package var node: Int
    /// The parent's number; -1 for the root.
    package var parent: Int
    /// The token; -1 for the root of an empty prompt.
    package var token: Token
    /// The target's law after the node.
    package var target: [Double]
    /// The draft's law after the node; absent where no child was drawn.
    package var draft: [Double]?
    /// An earlier sibling with the same token.
    package var repeats: Int?
  }

  /// A uniform, what it was asked, and the answer.
  package struct Choice: Hashable, Sendable, Codable {
    /// The purpose of the uniform.
    package var purpose: String
    /// The uniform, in [0, 1).
    package var uniform: Double
    /// The probability of *accepted*, for an acceptance.
    package var acceptance: Double?
    /// Whether it was accepted.
    package var accepted: Bool?
    /// The law that was drawn from, for a draw.
    package var law: [Double]?
    /// The index drawn.
    package var index: Int?
  }

  /// The rule's name in the port protocol.
  package var rule: String
  /// The tree's shape.
  package var shape: String
  /// The tokens decoded from.
  package var prompt: [Token]
  /// The draft tree.
  package var nodes: [Node]
  /// The uniforms in the order used.
  package var choices: [Choice]
  /// The accepted nodes, from the root's child on.
  package var accepted: [Int]
  /// The tokens emitted.
  package var tokens: [Token]

  /// Runs and records one round.
  ///
  /// - Throws: ``CertificationError`` where the case cannot be decoded.
  package init(_ plan: CasePlan, seed: UInt64, replicate: UInt64 = 0) throws(CertificationError) {
    let decoder = plan.decoder
    var session = decoder.makeSession()
    let generator = Philox4x64(key: SIMD2(seed, plan.instance.streamWord), replicate: replicate)
    var choices = TracedChoices(RandomChoices(generator, scalar: Double.self))
    do {
      try decoder.begin(plan.instance.pair.prompt, in: &session)
      try decoder.round(&session, using: &choices)
    } catch {
      throw .decoding(place: "case \(plan.instance.id)", error)
    }
    rule = decoder.method.rule.name
    shape = decoder.method.shape.text
    prompt = plan.instance.pair.prompt
    let workspace = session.workspace
    nodes = workspace.tree.nodes.enumerated().map { index, node in
      // A repeat is not evaluated: its laws are those of the first node with its token.
      let evaluated = node.isRepeat ? Int(node.original) : index
      return Node(
        node: index, parent: Int(node.parent), token: Int(node.token),
        target: workspace.targetLaws.law(ofRow: evaluated),
        draft: node.firstChild >= 0 ? workspace.draftLaws.law(ofRow: index) : nil,
        repeats: node.isRepeat ? Int(node.original) : nil)
    }
    self.choices = choices.entries.map { entry in
      switch entry.answer {
      case .below(let numerator, let denominator, let isBelow):
        Choice(
          purpose: entry.purpose.rawValue, uniform: entry.uniform, acceptance: min(1, numerator / denominator),
          accepted: isBelow)
      case .index(let weights, let total, let index):
        Choice(
          purpose: entry.purpose.rawValue, uniform: entry.uniform, law: weights.map { $0 / total }, index: index)
      }
    }
    accepted = Array(workspace.accepted)
    tokens = Array(workspace.emitted)
  }
}
