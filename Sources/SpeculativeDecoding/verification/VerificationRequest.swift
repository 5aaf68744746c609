import Probability

/// One round whose tree, laws and uniforms are all given: what the port protocol's `verify` asks.
///
///     let request = try VerificationRequest(
///       rule: .rsdC, nodes: [.init(parent: -1, token: 0, draft: [0.5, 0.5])],
///       target: [[0.25, 0.75], [0.5, 0.5]], uniforms: [0.5, 0.9])
///     try request.outcome()       // accepted [], token 1, used 2
///
/// Whatever a decoder could not verify is refused here, so that a wrong request is an error and never a token.
public struct VerificationRequest: Hashable, Sendable {
  /// A drafted token.
  public struct Node: Hashable, Sendable {
    /// The index in `nodes` of the node that this one continues; -1 for the root.
    public var parent: Int
    /// The token.
    public var token: Token
    /// The law that the token and its siblings were drawn from, before any of them was taken out.
    public var draft: [Double]

    /// A drafted token.
    public init(parent: Int, token: Token, draft: [Double]) {
      (self.parent, self.token, self.draft) = (parent, token, draft)
    }
  }

  /// How the tree was drafted, and so how it is verified.
  public let rule: Rule
  /// The tree: parents before their children, siblings in draw order.
  public let nodes: [Node]
  /// The target's law after the root, then after each node, of shape [nodes + 1][vocabulary].
  public let target: [[Double]]
  /// The randomness, in [0, 1): one uniform for each acceptance test, then one for the final token.
  public let uniforms: [Double]
  /// The token after which nothing is drawn; `nil` for none.
  public let endToken: Token?

  /// A request that a decoder can answer.
  ///
  /// Laws are taken as they are: they sum to 1 within 1e-9 and are not renormalised.
  ///
  /// - Throws: ``SpeculativeDecodingError/invalidLaw(place:reason:)`` for a law with a NaN, an infinite or negative
  ///   value or a wrong sum; ``SpeculativeDecodingError/tokenOutOfRange(token:vocabulary:place:)``;
  ///   ``SpeculativeDecodingError/invalidRequest(_:)`` for a law of another length, a number of laws that is not that
  ///   of the nodes, a node before its parent, siblings of different draft laws, a repeated sibling where the rule
  ///   draws without replacement, a child of a repeat, two children in a chain, a token that its draft never draws, or
  ///   a uniform outside [0, 1).
  public init(
    rule: Rule, nodes: [Node], target: [[Double]], uniforms: [Double], endToken: Token? = nil
  ) throws(SpeculativeDecodingError) {
    guard rule.verifiesGivenTrees else {
      throw .invalidRequest("\(rule) does not verify trees that are given")
    }
    self.rule = rule
    self.nodes = nodes
    self.target = target
    self.uniforms = uniforms
    self.endToken = endToken
    try checkLaws()
    try checkTree()
    for (index, uniform) in uniforms.enumerated() where !(0..<1).contains(uniform) {
      throw .invalidRequest("uniform \(index) is \(uniform); it must be at least 0 and below 1")
    }
  }

  /// Tokens in the vocabulary.
  public var vocabularySize: Int { target.first?.count ?? 0 }

  /// Whether every probability is the value of a `Float`, so that laws lose nothing in single precision.
  public var isExactInFloat: Bool {
    (target + nodes.map(\.draft)).allSatisfy { $0.allSatisfy { Double(Float($0)) == $0 } }
  }
}

extension VerificationRequest {
  private func checkLaws() throws(SpeculativeDecodingError) {
    guard target.count == nodes.count + 1 else {
      throw .invalidRequest(
        "the target has \(target.count) laws for \(nodes.count) nodes; it needs one for the root and one for each node"
      )
    }
    guard vocabularySize > 0 else { throw .emptyVocabulary }
    for (row, law) in target.enumerated() {
      try check(law, place: "the target's law after " + (row == 0 ? "the root" : "node \(row - 1)"))
    }
    for (index, node) in nodes.enumerated() { try check(node.draft, place: "the draft law of node \(index)") }
    if let endToken, !(0..<vocabularySize).contains(endToken) {
      throw .tokenOutOfRange(token: endToken, vocabulary: vocabularySize, place: "end token")
    }
  }

  private func check(_ law: [Double], place: String) throws(SpeculativeDecodingError) {
    guard law.count == vocabularySize else {
      throw .invalidRequest("\(place) has \(law.count) tokens; the target's law after the root has \(vocabularySize)")
    }
    do {
      _ = try FiniteLaw(law)
    } catch {
      throw .invalidLaw(place: place, reason: error)
    }
  }

  private func checkTree() throws(SpeculativeDecodingError) {
    guard nodes.count <= DecodingMethod.maximumBudget else {
      throw .invalidRequest("the tree has \(nodes.count) nodes; at most \(DecodingMethod.maximumBudget) are verified")
    }
    var children: [Int: [Int]] = [:]
    var repeats: Set<Int> = []
    for (index, node) in nodes.enumerated() {
      guard (-1..<index).contains(node.parent) else {
        throw .invalidRequest(
          "node \(index) has the parent \(node.parent); a parent is an earlier node, or -1 for the root")
      }
      guard (0..<vocabularySize).contains(node.token) else {
        throw .tokenOutOfRange(token: node.token, vocabulary: vocabularySize, place: "tree (node \(index))")
      }
      guard node.draft[node.token] > 0 else {
        throw .invalidRequest("node \(index) has the token \(node.token), which its draft law gives probability 0")
      }
      guard !repeats.contains(node.parent) else {
        throw .invalidRequest(
          "node \(index) continues node \(node.parent), a repeat; children belong to the first node with its token")
      }
      let siblings = children[node.parent, default: []]
      if let first = siblings.first {
        guard rule.shapes != .chain else {
          throw .invalidRequest("nodes \(first) and \(index) have the same parent; the tree of \(rule) is a chain")
        }
        guard nodes[first].draft == node.draft else {
          throw .invalidRequest("nodes \(first) and \(index) are siblings with different draft laws")
        }
      }
      if let same = siblings.first(where: { nodes[$0].token == node.token }) {
        guard rule.drafting.isWithReplacement else {
          throw .invalidRequest(
            "nodes \(same) and \(index) are siblings with the same token; \(rule) draws without replacement")
        }
        repeats.insert(index)
      }
      children[node.parent, default: []].append(index)
    }
  }
}
